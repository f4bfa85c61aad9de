/** Every code a {@link HeddleError} can carry; each has a section in docs/errors.md. */
export type HeddleErrorCode =
  | 'HEDDLE_OPTIONS_INVALID'
  | 'HEDDLE_CONFIG_UNREADABLE'
  | 'HEDDLE_PLAN_UNREADABLE'
  | 'HEDDLE_PLAN_MISMATCH'
  | 'HEDDLE_SNAPSHOT_UNREADABLE'
  | 'HEDDLE_SHARDS_INVALID'
  | 'HEDDLE_HISTORY_UNWRITABLE'
  | 'HEDDLE_HOST_NOT_FOUND'
  | 'HEDDLE_HOST_FAILED'
  | 'HEDDLE_LEASE_INVALID'
  | 'HEDDLE_LEASE_TIMEOUT'
  | 'HEDDLE_LEASE_LIMIT_MISMATCH'
  | 'HEDDLE_LEASE_REENTERED'
  | 'HEDDLE_LEASE_LOST'
  | 'HEDDLE_LOCK_DIR_UNUSABLE'
  | 'HEDDLE_SERIAL_INVALID'
  | 'HEDDLE_GROUP_UNKNOWN'
  | 'HEDDLE_GROUP_ORDER'
  | 'HEDDLE_GROUP_UNREAD'
  | 'HEDDLE_GROUP_NOT_HELD'
  | 'HEDDLE_FIXTURE_INVALID'
  | 'HEDDLE_FIXTURE_OUTSIDE'
  | 'HEDDLE_FIXTURE_FAILED'
  | 'HEDDLE_RESOURCE_INVALID'
  | 'HEDDLE_RESOURCE_FAILED'
  | 'HEDDLE_RESOURCE_REFUSED'
  | 'HEDDLE_RESOURCE_LEFT_OPEN'
  | 'HEDDLE_MIGRATION_FAILED'
  | 'HEDDLE_NOT_CONFIGURED'
  | 'HEDDLE_USAGE'

/** What a heddle error is known by, whichever realm it is from. */
export const HEDDLE_ERROR = Symbol.for('heddle.error')

interface HeddleErrorParts {
  /** The failed action, the value in quotes, a colon, the reason. */
  readonly problem: string
  /** What the user can do about it. */
  readonly fix: string
  readonly cause?: unknown
}

/**
 * The one error class of heddle: a stable `code`, what failed, and how to fix it.
 *
 * @example
 * throw new HeddleError('HEDDLE_PLAN_UNREADABLE', {
 *   problem: 'Cannot read shard plan "plan.json": the file does not exist',
 *   fix: 'create it with `heddle plan --shards 4 > plan.json`.',
 * })
 */
export class HeddleError extends Error {
  override readonly name = 'HeddleError'
  readonly code: HeddleErrorCode
  readonly [HEDDLE_ERROR] = true

  constructor(code: HeddleErrorCode, { problem, fix, cause }: HeddleErrorParts) {
    super(`${code}: ${problem}\nFix: ${fix}`, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** Whether `value` is a {@link HeddleError}, also one from another copy of this module or another realm. */
export function isHeddleError(value: unknown): value is HeddleError {
  return typeof value === 'object' && value !== null && HEDDLE_ERROR in value
}

/** The message of anything that was thrown, for the reason part of a larger message. */
export function reasonOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
}

/** The `code` of a system error such as `ENOENT`. Never `instanceof`: Jest's sandbox has its own Error. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined
}
