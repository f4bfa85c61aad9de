import { join } from 'node:path'
import { defineResource, type Resource, type ResourceHandle } from '@heddle/core'
import { sqliteAdmin } from './sqlite-admin.js'
import {
  createSqlite,
  dropSqlite,
  lookAfterTest,
  resetSqlite,
  type SqliteDatabase,
  type SqliteRun,
} from './sqlite-database.js'
import { loadSqlite, type SqliteRow } from './sqlite-driver.js'
import { checkSqliteOptions, sqliteVariables, type SqliteOptions } from './sqlite-options.js'
import { ensureSqliteTemplate } from './sqlite-template.js'
import type { MemoryValue } from './worker.js'

/** What tests see of a database in a file, besides calls. */
export interface SqliteValue {
  /** Its path. */
  readonly file: string
  /** `file:/…` */
  readonly url: string
  readonly slot: number
}

const CALLS = {
  /** Rows of a query, its values as parameters. */
  rows: async ({ connection }: SqliteDatabase, strings: TemplateStringsArray, ...values: unknown[]) => [
    ...connection.all(strings.join('?'), ...values),
  ],
  query: async ({ connection }: SqliteDatabase, sql: string, values: readonly unknown[] = []) => ({
    rows: [...connection.all(sql, ...values)],
  }),
}

/** What tests are given: `main.file`, ``main.rows`select …` ``, `main.query(sql, values)`. */
export type SqliteHandle = ResourceHandle<SqliteValue, typeof CALLS>

/** What tests are given with `memory`. */
export interface SqliteMemoryHandle {
  /** A `DatabaseSync` of `node:sqlite`, or a database of `better-sqlite3`. */
  readonly client: SqliteClient
}

/** What both libraries have in common. */
export interface SqliteClient {
  exec(sql: string): unknown
  prepare(sql: string): {
    all(...values: readonly unknown[]): SqliteRow[]
    get(...values: readonly unknown[]): SqliteRow | undefined
    run(...values: readonly unknown[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint }
  }
}

/**
 * A file of SQLite for every worker, copied from a template that is migrated once, and clean for every test, while connections
 * of the code under test stay open; or, with `memory`, a database in the test's process. Uses the SQLite of Node from 22.13
 * on, else `better-sqlite3`.
 *
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`
 *
 * @example
 * // heddle.config.ts
 * export default { resources: { main: sqlite({ migrations: 'migrations/*.sql', env: 'DATABASE_FILE' }) } }
 */
export function sqlite(options: SqliteOptions & { readonly memory: true }): Resource<SqliteMemoryHandle>
export function sqlite(options?: SqliteOptions): Resource<SqliteHandle>
export function sqlite(options: SqliteOptions = {}): Resource<SqliteHandle> | Resource<SqliteMemoryHandle> {
  checkSqliteOptions(options)
  return options.memory === true ? inMemory(options) : inFiles(options)
}

function inFiles(options: SqliteOptions): Resource<SqliteHandle> {
  return defineResource<SqliteDatabase, SqliteValue, typeof CALLS, SqliteRun>({
    kind: 'sqlite',
    files: options.files,
    perTest: options.perTest ?? 'reset',
    start: async (context) => {
      const driver = loadSqlite(context.root)
      const template = await ensureSqliteTemplate(options, { surroundings: context, driver })
      return { driver, template, dir: await context.tempDir({ prefix: 'sqlite', keep: 'never' }) }
    },
    create: (request, run) => createSqlite(run, request),
    value: ({ file, url, slot }) => ({ file, url, slot }),
    env: (database) => sqliteVariables(options.env, database),
    reset: resetSqlite,
    afterTest: lookAfterTest,
    calls: CALLS,
    destroy: dropSqlite,
    admin: sqliteAdmin(options),
  })
}

function inMemory(options: SqliteOptions): Resource<SqliteMemoryHandle> {
  const resource = defineResource({
    kind: 'sqlite',
    files: options.files,
    perTest: options.perTest ?? 'reset',
    start: async (context): Promise<MemoryValue> => {
      const driver = loadSqlite(context.root)
      const template = await ensureSqliteTemplate(options, { surroundings: context, driver })
      return { template, root: context.root }
    },
    create: (_, value: MemoryValue) => value,
    // Done where it is: in the worker.
    reset: () => undefined,
    worker: join(__dirname, 'worker.js'),
    admin: sqliteAdmin(options),
  })
  return resource as unknown as Resource<SqliteMemoryHandle>
}
