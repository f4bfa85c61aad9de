import type { Demand } from '../groups/demand.js'

/** A file as the scheduler sees it. */
export interface SchedulerJob extends Partial<Demand> {
  /** Unique in the run. */
  readonly id: string
  /** ms, > 0 */
  readonly expectedMs: number
  /** Lower goes first, before anything else but the priority. @default 0 */
  readonly rank?: number
  /** Jobs of one batch can use one worker one after the other. @default a worker of its own */
  readonly batch?: string | undefined
}

export interface SchedulerSetup {
  /** Worker slots, ≥ 1. */
  readonly workers: number
  /** Limits of groups by name. */
  readonly limits: ReadonlyMap<string, number>
  /** Groups that other processes use as well: whether there is room is not known here alone. */
  readonly leased?: ReadonlySet<string>
}

/** What has happened. */
export type SchedulerEvent =
  /** These will come; they count as work that is left. */
  | { readonly type: 'announced'; readonly jobs: readonly SchedulerJob[] }
  /** These may start from now on. */
  | { readonly type: 'requested'; readonly ids: readonly string[] }
  /** These have been withdrawn, whether announced or requested: they will not start. */
  | { readonly type: 'withdrawn'; readonly ids: readonly string[] }
  /** A started job is over, and so is its worker, unless it stays for another of its batch. */
  | { readonly type: 'ended'; readonly id: string; readonly keepsWorker: boolean }
  /** A started job could not start: leased permits are missing. Nothing else that needs them starts before it. */
  | { readonly type: 'blocked'; readonly id: string }
  /** What a blocked job was missing has been taken for it: it starts next. */
  | { readonly type: 'granted'; readonly id: string }

/** A job that starts now. */
export interface Start {
  readonly id: string
  /** The smallest number, from 1, that no started job has. */
  readonly slot: number
  /** The smallest number per group. */
  readonly groupSlots: Readonly<Record<string, number>>
}

/** Decides which job starts when, and in which slot: a state machine without clock, chance or effects. */
export interface Scheduler {
  /** @returns what starts because of it, in order */
  next(event: SchedulerEvent): readonly Start[]
}
