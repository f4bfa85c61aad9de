import { lstatSync, mkdirSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPassable } from './passable-dir.js'
import type { ProgramUser } from './run-program.js'
import { serverFailure } from './server-failure.js'

/** Free space on a file system in memory from which on it is used: an empty server takes 30 MB, a template ten or so. */
const ROOMY_BYTES = 512 * 2 ** 20
const TMPFS = 0x0102_1994
const MEMORY = '/dev/shm'

/** Where servers of our own keep their data. */
export interface ServerBases {
  /** In memory if there is room, which makes a new database several times cheaper, else on disk. */
  readonly data: string
  /** On disk. */
  readonly disk: string
}

/**
 * Directories that are this user's alone, and that the server's user can pass.
 *
 * @param cacheDir this user's; a server that runs as somebody else could not get through to it
 */
export function serverBases(cacheDir: string, user: ProgramUser | undefined): ServerBases {
  const name = `heddle-postgres-${process.getuid?.() ?? 0}`
  const disk = user === undefined ? join(cacheDir, 'postgres') : join(openDir(), name)
  return { data: isRoomy(MEMORY) ? join(MEMORY, name) : disk, disk }
}

/** A user's own temporary directory is often closed to all others. */
function openDir(): string {
  return [tmpdir(), '/tmp', '/var/tmp'].find((dir) => isPassable(dir)) ?? tmpdir()
}

/** Makes one of them. @throws HeddleError `HEDDLE_RESOURCE_FAILED` if somebody else has made it */
export function openBase(dir: string): string {
  mkdirSync(dir, { recursive: true, mode: 0o711 })
  const { uid, mode } = lstatSync(dir)
  const isOwn = process.getuid === undefined || uid === process.getuid()
  if (isOwn && (mode & 0o170_000) === 0o040_000) return dir
  throw serverFailure(`keep data in "${dir}"`, 'it is somebody else’s, or no directory', 'remove it, or set TMPDIR.')
}

function isRoomy(dir: string): boolean {
  if (process.platform !== 'linux') return false
  try {
    const { type, bavail, bsize } = statfsSync(dir)
    return type === TMPFS && bavail * bsize >= ROOMY_BYTES
  } catch {
    return false
  }
}
