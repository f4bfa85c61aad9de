import { createRequire } from 'node:module'
import { join } from 'node:path'
import { HeddleError, reasonOf } from '@heddle/core'

/** What needs a package that the project installs itself. */
export interface PeerUse {
  /** Where the project is: it is looked for from there, then from here. */
  readonly root: string
  /** What needs it, for messages: `mysql({ … })`. */
  readonly user: string
  /** What to load of it, if not the package: `mysql2/promise`. */
  readonly entry?: string
}

/**
 * Loads a package that only those install who need it.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED` if it is not there, or does not load
 */
export function loadPeer(name: string, { root, user, entry = name }: PeerUse): unknown {
  const errors: unknown[] = []
  for (const from of [join(root, 'package.json'), __filename]) {
    try {
      return createRequire(from)(entry) as unknown
    } catch (error) {
      errors.push(error)
    }
  }
  const cause = errors.find((error) => !isMissing(error, entry))
  throw new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot load "${name}", which ${user} needs: ${cause === undefined ? 'it is not installed' : reasonOf(cause)}`,
    fix: cause === undefined ? `npm i -D ${name}` : `install it again: npm i -D ${name}`,
    cause,
  })
}

function isMissing(error: unknown, entry: string): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return code === 'MODULE_NOT_FOUND' && String(message).includes(`'${entry}'`)
}
