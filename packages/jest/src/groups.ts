import type { GroupFunction, GroupNames } from '@heddle/core/serial'
import { installedHeddle, type InstalledHeddle } from './installed-heddle.js'
import { refuseWithoutHeddle } from './not-configured.js'

/**
 * Puts the test file into groups: `group('postgres')`, `group('a', 'b')`, `group.exclusive('a')`. On a line of its own, with
 * the names in quotes: it is read before the file runs, and the call only makes sure that it was.
 *
 * @throws HeddleError `HEDDLE_NOT_CONFIGURED`, `HEDDLE_GROUP_UNKNOWN`, `HEDDLE_GROUP_UNREAD`
 *
 * @example
 * import { group } from '@heddle/jest'
 *
 * group('postgres')
 */
export const group: GroupFunction = Object.assign((...names: GroupNames) => here('group').group(...names), {
  exclusive: (...names: GroupNames) => here('group').group.exclusive(...names),
})

/** Where a test file runs. */
export interface HeddleOfFile {
  /** The number of its worker, from 1: no two files that run at the same time have the same. Also `HEDDLE_SLOT`. */
  readonly slot: number
  /** Another in each run, also of one CI pipeline. Also `HEDDLE_RUN_ID`. */
  readonly runId: string
  /** Another for each worker process or thread, on the machine and over time. */
  readonly workerId: string
  /**
   * The smallest number, from 1, that no other file or test has that is in the group at the same time. Of groups of the
   * file also `HEDDLE_GROUP_SLOT_<NAME>`.
   *
   * @throws HeddleError `HEDDLE_GROUP_NOT_HELD` if neither the file nor the running test is in the group
   */
  groupSlot(group: string): number
}

/**
 * Where this test file runs, to keep what it uses apart from that of others. Not in `setupFiles`, which run before.
 *
 * @throws HeddleError `HEDDLE_NOT_CONFIGURED`
 *
 * @example
 * const database = `test_${heddle.groupSlot('postgres')}`
 */
export const heddle: HeddleOfFile = {
  get slot() {
    return here('heddle.slot').slot
  },
  get runId() {
    return here('heddle.runId').runId
  },
  get workerId() {
    return here('heddle.workerId').fixtures.workerId()
  },
  groupSlot: (name) => here('heddle.groupSlot').groupSlot(name),
}

function here(what: string): InstalledHeddle {
  return installedHeddle() ?? refuseWithoutHeddle(what)
}
