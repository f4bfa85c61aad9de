import type { SqlClient } from '../sql-client.js'

/** What a reset found. */
export interface ResetOutcome {
  /** Tables that had to be cleaned, and sequences that had to be set back, by name. */
  readonly cleaned: readonly string[]
  /** Whether tables, functions, types … are other than in the template: then nothing was reset, the database is to be made anew. */
  readonly isSchemaChanged: boolean
}

/** A transaction that somebody has left open. */
export interface OpenTransaction {
  readonly pid: number
  /** The last statement of it. */
  readonly query: string
  readonly state: string
}

/** Prepares a template, as the last thing: it knows then what is to be there after every reset. */
export declare function installReset(template: SqlClient): Promise<void>

/** Makes a clone of the template as it was. Throws if it cannot. */
export declare function resetDatabase(session: SqlClient): Promise<ResetOutcome>

/** Transactions of other sessions in this database that are idle in the middle, or have written something. */
export declare function findOpenTransactions(session: SqlClient): Promise<readonly OpenTransaction[]>
