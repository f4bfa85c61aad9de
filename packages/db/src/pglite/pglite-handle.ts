import type { PGlite } from '@electric-sql/pglite'

/** What tests see of a PGlite: of the running test's, so never keep it for another. */
export interface PgliteHandle {
  /** It is in the process of the test: hand it to the code under test. */
  readonly client: PGlite
  /**
   * Rows; values become parameters.
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
  ) => Promise<{ readonly rows: Row[] }>
}
