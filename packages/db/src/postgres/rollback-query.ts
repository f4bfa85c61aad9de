import type { QueryConfig, QueryResult } from 'pg'

export type QueryCallback = (error: Error | undefined, result?: QueryResult) => void

/** Any of the ways in which `query` of `pg` is called. */
export interface RollbackQuery {
  readonly config: string | QueryConfig | Submittable
  readonly values: readonly unknown[] | undefined
  readonly callback: QueryCallback | undefined
  /** Empty for what submits itself. */
  readonly text: string
}

/** A query that talks to the connection itself: a cursor, a stream. */
export interface Submittable {
  submit(connection: object): void
}

export function queryOf(
  config: string | (QueryConfig & { readonly callback?: QueryCallback }) | Submittable,
  second?: readonly unknown[] | QueryCallback | null,
  third?: QueryCallback,
): RollbackQuery {
  const callback = typeof second === 'function' ? second : third
  const values = typeof second === 'function' || second === null ? undefined : second
  if (typeof config === 'string') return { config, values, callback, text: config }
  if (isSubmittable(config)) return { config, values: undefined, callback: undefined, text: '' }
  const { callback: own, ...rest } = config
  return { config: rest, values, callback: callback ?? own, text: rest.text }
}

export function isSubmittable(config: unknown): config is Submittable {
  return typeof config === 'object' && config !== null && 'submit' in config && typeof config.submit === 'function'
}

/** What the server would have answered to a command about transactions. */
export function commandResult(command: string): QueryResult {
  return { command, rowCount: null, oid: 0, rows: [], fields: [] }
}

/** The error that the server would have answered with. */
export function stateError(code: string, message: string): Error {
  return Object.assign(new Error(message), { name: 'error', severity: 'ERROR', code })
}
