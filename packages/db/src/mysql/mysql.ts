import { defineResource, type Resource, type ResourceHandle } from '@heddle/core'
import { listOf } from '../common/check-options.js'
import { mysqlAdmin } from './mysql-admin.js'
import type { MysqlDatabase } from './mysql-database.js'
import { createMysql, lookAfterTest, resetMysql, startMysql, stopMysql, type MysqlRun } from './mysql-engine.js'
import { checkMysqlOptions, type MysqlOptions } from './mysql-options.js'

/** What tests see of it besides calls. */
export interface MysqlValue {
  /** For the code under test: what the variables are set to. */
  readonly url: string
  /** Of the database. */
  readonly name: string
  readonly slot: number
}

const CALLS = {
  /** Rows of a query, its values as parameters. */
  rows: async (database: MysqlDatabase, strings: TemplateStringsArray, ...values: unknown[]): Promise<object[]> => [
    ...(await (await database.forTests()).rows(strings.join('?'), values)),
  ],
  query: async (database: MysqlDatabase, sql: string, values?: readonly unknown[]): Promise<{ rows: object[] }> => ({
    rows: [...(await (await database.forTests()).rows(sql, values))],
  }),
}

/** What tests are given: `main.url`, ``main.rows`select …` ``, `main.query(sql, values)`. */
export type MysqlHandle = ResourceHandle<MysqlValue, typeof CALLS>

/**
 * A database of MySQL or MariaDB for every worker, copied from a template that is migrated once, and clean for every test.
 * Needs `mysql2`. Nothing is ever written to the database that the URL names.
 *
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`
 *
 * @example
 * // heddle.config.ts
 * export default {
 *   resources: { main: mysql({ url: 'mysql://root@127.0.0.1:3306/mysql', migrations: 'migrations/*.sql' }) },
 * }
 */
export function mysql(options: MysqlOptions): Resource<MysqlHandle> {
  checkMysqlOptions(options)
  const variables = options.env === undefined ? ['DATABASE_URL'] : listOf(options.env)
  return defineResource<MysqlDatabase, MysqlValue, typeof CALLS, MysqlRun>({
    kind: 'mysql',
    files: options.files,
    perTest: options.perTest ?? 'reset',
    start: (context) => startMysql(options, context),
    create: (request, run) => createMysql(run, request),
    value: ({ url, name, slot }) => ({ url, name, slot }),
    env: ({ url }) => Object.fromEntries(variables.map((variable) => [variable, url])),
    reset: resetMysql,
    afterTest: lookAfterTest,
    calls: CALLS,
    destroy: (database) => database.drop(),
    stop: stopMysql,
    admin: mysqlAdmin(options),
  })
}
