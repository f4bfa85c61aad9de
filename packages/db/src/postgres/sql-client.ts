/** A session: a client of `pg`, or PGlite. */
export interface SqlClient {
  // What rows are is known to whoever writes the statement, to nobody else.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[] }>
}

/** One that is asked the same over and over. */
export interface RepeatingClient extends SqlClient {
  /** {@link SqlClient.query} with a plan that the session keeps under the name. */
  readonly queryAgain?: (name: string, sql: string) => Promise<{ readonly rows: object[] }>
}
