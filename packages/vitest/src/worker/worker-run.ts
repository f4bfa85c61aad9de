/** What the main process tells every worker of a run. */
export interface WorkerRun {
  /** Where Vitest runs, absolute. */
  readonly root: string
  /** What test files are named relative to, absolute. */
  readonly workspace: string
  readonly runId: string
  /** Of Vitest: 3, 4, 5. */
  readonly major: number
}

/** The name under which it is provided. */
export const WORKER_RUN = 'heddle'
