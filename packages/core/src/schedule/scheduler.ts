import type { Demand } from '../groups/demand.js'

/** A file as the scheduler sees it. */
export interface SchedulerJob extends Partial<Demand> {
  /** Unique among what is announced and not over. */
  readonly id: string
  /** ms, > 0 */
  readonly expectedMs: number
  /** Whether that was measured; if not, nothing is kept free for the moment in which it should be over. @default true */
  readonly isKnown?: boolean
  /** Lower goes first, before anything else but the priority. @default 0 */
  readonly rank?: number
  /** Jobs of one batch can use one worker one after the other. @default a worker of its own */
  readonly batch?: string | undefined
}

export interface SchedulerSetup {
  /** Worker slots, ≥ 1. */
  readonly workers: number
  /** Limits of groups by name. A group that is not in it has a limit of 1. */
  readonly limits: ReadonlyMap<string, number>
  /** Groups that other processes use as well: whether there is room is not known here alone. */
  readonly leased?: ReadonlySet<string>
  /** What it costs to end the worker of one batch and to start one of another, ms. @default 300 */
  readonly switchCostMs?: number
}

/** What has happened. */
export type SchedulerEvent =
  /** These will come; they count as work that is left. */
  | { readonly type: 'announced'; readonly jobs: readonly SchedulerJob[] }
  /** These may start from now on. */
  | { readonly type: 'requested'; readonly ids: readonly string[] }
  /** These have been withdrawn, whether announced, requested or blocked: they will not start. What has started stays. */
  | { readonly type: 'withdrawn'; readonly ids: readonly string[] }
  /** A started job is over, and so is its worker, unless it stays, idle, for another of its batch. */
  | { readonly type: 'ended'; readonly id: string; readonly keepsWorker: boolean }
  /** A started job could not start: leased permits are missing. Nothing else that needs them starts before it. */
  | { readonly type: 'blocked'; readonly id: string }
  /** What a blocked job was missing has been taken for it: it starts next. */
  | { readonly type: 'granted'; readonly id: string }
  /** The idle worker of this slot is gone. */
  | { readonly type: 'closed'; readonly slot: number }

/** A job that starts now. */
export interface Start {
  readonly id: string
  /** The smallest number, from 1, that no live worker has; or that of the idle worker it gets or replaces. */
  readonly slot: number
  /**
   * `new`: nothing lives in the slot. `kept`: an idle worker of the same batch does, and runs this job too.
   * `replacing`: an idle worker of another batch does, and must be gone before this job's worker starts.
   */
  readonly worker: 'new' | 'kept' | 'replacing'
  /** The smallest free number per group. */
  readonly groupSlots: Readonly<Record<string, number>>
}

/** What to do because of an event. */
export interface Decision {
  /** In this order. */
  readonly starts: readonly Start[]
  /** Slots whose idle workers nothing is left for: end them, then report each as `closed`. Said once per worker. */
  readonly closes: readonly number[]
}

/** Decides which job starts when, and in which slot: a state machine without clock, chance or effects. */
export interface Scheduler {
  /**
   * The same events at the same times give the same decisions.
   *
   * @param nowMs of any clock that does not go back; only differences matter
   * @throws Error if an event cannot be: a job that is not known, or has not started, or is announced twice
   */
  next(event: SchedulerEvent, nowMs: number): Decision
}
