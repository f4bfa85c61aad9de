/** What a statement gives back; of several, the last one. */
export interface QueryOutcome<Row extends object> {
  readonly rows: Row[]
}

/** What tests see of a database: of the running test's, so never keep it for another. */
export interface PostgresHandle {
  /** For any driver; also in the variables that `env` names. */
  readonly url: string
  readonly name: string
  /** The number of the worker, from 1. */
  readonly slot: number
  /** What names of tables have to begin with, if `isolation` is `prefix`; else empty. */
  readonly tablePrefix: string
  /**
   * Rows, in a session of heddle's own: it sees what the code under test has committed. Values become parameters.
   *
   * @example
   * expect(await main.rows`select email from users where id = ${1}`).toEqual([{ email: 'a@b.c' }])
   */
  // What rows are is known to whoever writes the statement, to nobody else.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  readonly rows: <Row extends object = Record<string, unknown>>(
    strings: TemplateStringsArray,
    ...values: readonly unknown[]
  ) => Promise<Row[]>
  /** The same for a statement as text: DDL, several statements, or one with `$1`. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  readonly query: <Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ) => Promise<QueryOutcome<Row>>
}
