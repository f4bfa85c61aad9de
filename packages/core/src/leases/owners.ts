import { linuxOwners } from './linux-owners.js'
import { tokenOwners } from './token-owners.js'

/**
 * What the operating system says of an owner. Only `gone` frees a lease: that nobody can be asked (`unknown`: another pid
 * namespace, another machine, an earlier boot) does not.
 */
export type OwnerState = 'running' | 'stopped' | 'gone' | 'unknown'

/** Tells threads apart, over processes, and whether they still exist. */
export interface Owners {
  /** This thread; lower-case letters, digits and hyphens. Never used again by another. */
  readonly self: string
  readonly stateOf: (owner: string) => OwnerState
  /** Removes what dead owners left of their identity. */
  readonly sweep: () => void
  readonly close: () => void
}

/**
 * Linux: process, thread and start time, from /proc. macOS and Windows: a file per thread with a lock that the kernel
 * drops.
 *
 * @param dir of the owner files
 * @throws HeddleError `HEDDLE_LOCK_DIR_UNUSABLE`
 */
export function openOwners(dir: string, platform = process.platform): Owners {
  return platform === 'linux' || platform === 'android' ? linuxOwners() : tokenOwners(dir, platform)
}

/** The process of an owner, for people. */
export function pidOf(owner: string): number | undefined {
  const pid = /^(?:l-[^-]+-[^-]+|k)-(\d+)-/.exec(owner)?.[1]
  return pid === undefined ? undefined : Number(pid)
}
