import type { Demand } from '../groups/demand.js'

/**
 * One test file of one project, with what is known about it before it runs.
 *
 * @example
 * const job: Job = { key: 'test/a.test.ts', expectedMs: 1200, isKnown: true, hasFailed: false, stage: 0, batch: undefined }
 */
export interface Job {
  /** See {@link jobKey}. */
  readonly key: string
  /** Expected time in its worker slot, ms, > 0. */
  readonly expectedMs: number
  /** Whether `expectedMs` comes from measurements of this file. */
  readonly isKnown: boolean
  /** Whether its newest recorded run failed. */
  readonly hasFailed: boolean
  /** The host runs lower stages first and starts the next one when the last job of a stage has ended. */
  readonly stage: number
  /** Jobs of one stage with the same batch must be neighbours: the host reuses a worker only between those. */
  readonly batch: string | undefined
  /** What it needs besides a worker. @default nothing */
  readonly demand?: Demand | undefined
}
