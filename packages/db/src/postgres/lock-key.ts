import { createHash } from 'node:crypto'

/** What advisory locks of ours are for. All of them are taken in the maintenance database, for they are told apart by database. */
export type LockPurpose =
  /** Held by a run as long as it lives: by {@link import('../common/names.js').runKey}. */
  | 'run'
  /** Held by whoever makes a template: by its hash. */
  | 'build'
  /** Held, shared, by every run that clones a template: by its hash. */
  | 'use'
  /** Held by the run that uses a slot: by its name. */
  | 'slot'

/** The key of an advisory lock, a signed number of 64 bits in decimal. */
export function lockKey(purpose: LockPurpose, name: string): string {
  return createHash('sha256').update(`heddle:${purpose}:${name}`).digest().readBigInt64BE().toString()
}
