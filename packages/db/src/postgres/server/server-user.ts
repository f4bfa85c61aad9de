import type { ProgramUser } from './run-program.js'

/** `nobody`, on every Unix that is in use. */
const NOBODY = 65_534

/**
 * Whom the server runs as: PostgreSQL refuses to be root. A process of root may be any user, one without a name as well, so
 * that none has to be made.
 */
export function serverUser(uid = process.getuid?.()): ProgramUser | undefined {
  return uid === 0 ? { uid: NOBODY, gid: NOBODY } : undefined
}
