/** What the main process tells every worker of a run. */
export interface WorkerRun {
  /** Where Vitest runs, absolute. */
  readonly root: string
  /** What test files are named relative to, absolute. */
  readonly workspace: string
  readonly runId: string
  /** Of Vitest: 3, 4, 5. */
  readonly major: number
  /** Where the file runs, if heddle has started its worker. */
  readonly seat?: Seat
}

/** The place of a file among those that run at the same time. */
export interface Seat {
  readonly slot: number
  readonly groupSlots: Readonly<Record<string, number>>
}

/** The name under which it is provided. */
export const WORKER_RUN = 'heddle'
