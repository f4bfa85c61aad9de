/** A session: a client of `pg`, or PGlite. */
export interface SqlClient {
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[] }>
}
