import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { codeOf, HeddleError, reasonOf } from '../errors.js'
import { lstatSync, mkdirSync, statfsSync } from './captured.js'

export const LOCK_DIR_VARIABLE = 'HEDDLE_LOCK_DIR'

/**
 * Where all leases of this user on this machine are: `HEDDLE_LOCK_DIR`, else `/tmp/heddle-<uid>`, on Windows
 * `%LOCALAPPDATA%\heddle\locks`. Literally /tmp, because TMPDIR differs between shells, and two directories would be two
 * locks without anyone noticing.
 */
export function findLockDir(env: NodeJS.ProcessEnv, platform = process.platform): string {
  const override = env[LOCK_DIR_VARIABLE]
  if (override) return resolve(override)
  if (platform !== 'win32') return `/tmp/heddle-${process.getuid?.() ?? 'user'}`
  const local = env['LOCALAPPDATA']
  return join(local && isAbsolute(local) ? local : join(homedir(), 'AppData', 'Local'), 'heddle', 'locks')
}

/**
 * Creates the directory, readable by nobody else, and makes sure that it can be trusted.
 *
 * @throws HeddleError `HEDDLE_LOCK_DIR_UNUSABLE`: not a directory, a link, somebody else's, writable by others, on a
 *   network file system, or not to be created. Nothing ever runs unlocked instead.
 */
export function openLockDir(dir: string, platform = process.platform): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unusable(dir, reasonOf(error), error)
  }
  const flaw = flawOf(dir, platform)
  if (flaw !== undefined) throw unusable(dir, flaw)
}

export function unusable(dir: string, reason: string, cause?: unknown): HeddleError {
  return new HeddleError('HEDDLE_LOCK_DIR_UNUSABLE', {
    problem: `Cannot keep locks in "${dir}": ${reason}`,
    fix: `set ${LOCK_DIR_VARIABLE} to a directory on a local disk that only you can write to, the same for all runs on this machine.`,
    cause,
  })
}

function flawOf(dir: string, platform: NodeJS.Platform): string | undefined {
  const flaw = ownershipFlaw(dir, platform)
  if (flaw !== undefined || platform !== 'linux') return flaw
  return networkFlaw(statfsSync(dir, { bigint: true }).type)
}

/** Why others could put something into a directory, or be meant by its name; undefined if only this user can. */
export function ownershipFlaw(dir: string, platform = process.platform): string | undefined {
  const stats = lstatSync(dir)
  if (stats.isSymbolicLink()) return 'it is a symbolic link'
  if (!stats.isDirectory()) return 'it is not a directory'
  if (platform === 'win32') return undefined
  if (stats.uid !== process.getuid?.()) return `it belongs to another user (uid ${stats.uid})`
  if (stats.mode & 0o022)
    return `others may write to it (mode ${(stats.mode & 0o777).toString(8)}); \`chmod 700\` it if that was a mistake`
  return undefined
}

/** What Linux tells of file systems that several kernels can see (statfs(2)). */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0x47504653, 'GPFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x786f4256, 'VirtualBox shared folders'],
  [0xbacbacbc, 'VMware shared folders'],
])

/** @param type sign-extended by some kernels, to more digits than a number can have */
export function networkFlaw(type: bigint): string | undefined {
  const name = NETWORK_FILE_SYSTEMS.get(Number(BigInt.asUintN(32, type)))
  return name === undefined ? undefined : `it is on a network file system (${name}), where locks cannot be trusted`
}
