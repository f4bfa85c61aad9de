import type { OpenTransaction, ResetOutcome } from './reset/reset.js'
import type { RepeatingClient } from './sql-client.js'

/** Makes databases for workers, all from one template: on a server, or in a process each (PGlite). */
export interface DatabaseSource {
  /** For people: `PostgreSQL 18.4 (embedded)`. */
  readonly words: string
  create(request: DatabaseRequest): Promise<WorkerDatabase>
  /** Everything that it made is gone. Leaves what is kept from run to run. */
  close(): Promise<void>
}

export interface DatabaseRequest {
  readonly slot: number
  readonly lifetime: 'worker' | 'test'
  /** Another for each of the run. */
  readonly number: number
}

/** The database of a worker, or of one test. */
export interface WorkerDatabase {
  readonly name: string
  /** For the code under test. */
  readonly url: string
  /** What names of tables have to begin with. @default nothing */
  readonly tablePrefix?: string
  /** heddle's own session in it, which stays open. */
  readonly session: RepeatingClient
  /** From the template again, under the same name and URL; sessions of others in it are ended. */
  recreate(): Promise<void>
  /** Makes it clean in a way of its own. Without it, what the template has for that is called. */
  reset?(): Promise<ResetOutcome>
  /** Ends transactions that clients have left open, and tells them. Without it the server is asked. */
  endOpenTransactions?(): Promise<readonly OpenTransaction[]>
  /**
   * @param test whose failure somebody may want to look into
   * @returns for people: a URL; undefined if nothing differs from the template, or enough is kept
   */
  keepCopy(test: string): Promise<string | undefined>
  drop(): Promise<void>
}
