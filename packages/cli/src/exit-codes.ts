import type { HeddleErrorCode } from '@heddle/core'

/** How `heddle` ends; documented in docs/cli.md. */
export const EXIT = { ok: 0, checkFailed: 1, usage: 2, environment: 3, bug: 70 } as const

/** Also in docs/errors.md, section by section. */
export const EXIT_CODES: Readonly<Record<HeddleErrorCode, number>> = {
  HEDDLE_PLAN_MISMATCH: EXIT.checkFailed,
  HEDDLE_USAGE: EXIT.usage,
  HEDDLE_OPTIONS_INVALID: EXIT.usage,
  HEDDLE_GROUP_UNKNOWN: EXIT.usage,
  HEDDLE_SHARDS_INVALID: EXIT.usage,
  HEDDLE_CONFIG_UNREADABLE: EXIT.environment,
  HEDDLE_PLAN_UNREADABLE: EXIT.environment,
  HEDDLE_SNAPSHOT_UNREADABLE: EXIT.environment,
  HEDDLE_HISTORY_UNWRITABLE: EXIT.environment,
  HEDDLE_HOST_NOT_FOUND: EXIT.environment,
  HEDDLE_HOST_FAILED: EXIT.environment,
  HEDDLE_LEASE_INVALID: EXIT.usage,
  HEDDLE_LEASE_TIMEOUT: EXIT.environment,
  HEDDLE_LEASE_LIMIT_MISMATCH: EXIT.usage,
  HEDDLE_LEASE_REENTERED: EXIT.usage,
  HEDDLE_LEASE_LOST: EXIT.environment,
  HEDDLE_LOCK_DIR_UNUSABLE: EXIT.environment,
  HEDDLE_SERIAL_INVALID: EXIT.usage,
  HEDDLE_GROUP_ORDER: EXIT.usage,
  HEDDLE_GROUP_UNREAD: EXIT.usage,
  HEDDLE_GROUP_NOT_HELD: EXIT.usage,
  HEDDLE_FIXTURE_INVALID: EXIT.usage,
  HEDDLE_FIXTURE_OUTSIDE: EXIT.usage,
  HEDDLE_FIXTURE_FAILED: EXIT.environment,
  HEDDLE_RESOURCE_INVALID: EXIT.usage,
  HEDDLE_RESOURCE_FAILED: EXIT.environment,
  HEDDLE_RESOURCE_REFUSED: EXIT.usage,
  HEDDLE_RESOURCE_LEFT_OPEN: EXIT.usage,
  HEDDLE_MIGRATION_FAILED: EXIT.environment,
  HEDDLE_NOT_CONFIGURED: EXIT.usage,
}

export function exitCodeOf(code: HeddleErrorCode): number {
  // The error may come from another copy of core, with codes of its own.
  return EXIT_CODES[code] ?? EXIT.environment
}
