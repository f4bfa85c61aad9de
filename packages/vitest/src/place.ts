import { loadLeases, loadSlots } from './load-core.js'
import { workerSide } from './worker/worker-side.js'

/** Where a test runs among those that run at the same time. */
export interface Place {
  /**
   * The smallest number, from 1, that no other worker of this run has; nobody gets it before this worker's process has
   * really gone. Also `HEDDLE_SLOT` in the environment.
   *
   * @throws HeddleError `HEDDLE_NOT_CONFIGURED` outside of a test that runs with heddle
   */
  readonly slot: number
  /**
   * Another for each worker process or thread, on the machine and over time: `[a-z0-9]`, 8 characters.
   *
   * @throws HeddleError `HEDDLE_NOT_CONFIGURED` outside of a test that runs with heddle
   */
  readonly workerId: string
  /**
   * The same among the members of a group that this test, or its file, is in. For files also `HEDDLE_GROUP_SLOT_<NAME>`
   * in the environment.
   *
   * @throws HeddleError `HEDDLE_GROUP_NOT_HELD` if neither the test nor its file is in the group; `HEDDLE_NOT_CONFIGURED`
   *
   * @example
   * const database = `test_${heddle.groupSlot('postgres')}`
   */
  groupSlot(group: string): number
  /**
   * The id of this run; no other run has it. Also `HEDDLE_RUN_ID` in the environment.
   *
   * @throws HeddleError `HEDDLE_NOT_CONFIGURED` outside of a test that runs with heddle
   */
  readonly runId: string
}

/** Looked up when asked for: a worker may run one file after the other. */
export const place: Place = {
  get slot() {
    return loadSlots().readSlot(process.env) ?? refuse('heddle.slot')
  },
  get workerId() {
    return workerSide()?.fixtures.workerId() ?? refuse('heddle.workerId')
  },
  get runId() {
    return loadSlots().readRunId(process.env) ?? refuse('heddle.runId')
  },
  groupSlot(group) {
    return (
      workerSide()?.groupSlot(group) ??
      loadSlots().readGroupSlot(process.env, group) ??
      refuse(`heddle.groupSlot('${group}')`)
    )
  },
}

function refuse(what: string): never {
  const { HeddleError } = loadLeases()
  throw new HeddleError('HEDDLE_NOT_CONFIGURED', {
    problem: `Cannot use ${what}: this process is no worker of a run with heddle`,
    fix: 'use it in test files and setup files of projects with `plugins: [heddle()]` in their Vitest config.',
  })
}
