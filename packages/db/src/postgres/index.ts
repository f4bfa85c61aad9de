import { join } from 'node:path'
import { defineResource, type Resource, type ResourceAdmin } from '@heddle/core'
import type { OpenPostgres, PostgresInstance } from './open-postgres.js'
import type { PostgresHandle } from './postgres-handle.js'
import type { PostgresOptions } from './postgres-options.js'
import { resolvePostgresOptions, type ResolvedPostgresOptions } from './resolve-postgres-options.js'
import type { RollbackHandle } from './worker.js'
import { parametersOf } from './sql-parameters.js'

export type { Migrations, MigrationTarget } from '../common/migration-options.js'
export type { PostgresHandle, QueryOutcome } from './postgres-handle.js'
export type { PostgresOptions, PostgresTarget, SeedTarget } from './postgres-options.js'
export type { RollbackHandle } from './worker.js'
export type { SqlClient } from './sql-client.js'

/**
 * A PostgreSQL database for every worker, migrated once and clean for every test: on the server that `url` names, or on one of
 * heddle's own.
 *
 * The database that `url` names is never written to: others are made beside it, and removed.
 *
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`; what starting it throws, each file that uses it fails with:
 *   `HEDDLE_RESOURCE_FAILED`, `HEDDLE_RESOURCE_REFUSED`, `HEDDLE_MIGRATION_FAILED`
 *
 * @example
 * // heddle.config.ts
 * import { postgres } from '@heddle/db/postgres'
 * export default { resources: { main: postgres({ migrations: 'migrations/*.sql' }) } }
 */
export function postgres(
  options: PostgresOptions & { readonly perTest: 'rollback' },
): Resource<PostgresHandle & RollbackHandle>
export function postgres(options?: PostgresOptions): Resource<PostgresHandle>
export function postgres(options: PostgresOptions = {}): Resource<PostgresHandle> {
  const resolved = resolvePostgresOptions(options)
  const { files, perTest, env, prefixEnv } = resolved
  const resource = defineResource<PostgresInstance, PostgresValue, PostgresCalls, OpenPostgres>({
    kind: 'postgres',
    files,
    perTest: perTest ?? 'reset',
    // What is loaded here is loaded in the main process, and only by runs that use it.
    start: async (context) => (await import('./open-postgres.js')).openPostgres(context, resolved),
    create: (request, server) => server.create(request),
    value: ({ database: { url, name, tablePrefix = '' }, slot }) => ({ url, name, slot, tablePrefix }),
    env: ({ database: { url, tablePrefix } }) => ({
      ...Object.fromEntries(env.map((variable) => [variable, url])),
      ...(tablePrefix === undefined || tablePrefix === '' ? {} : { [prefixEnv]: tablePrefix }),
    }),
    reset: (instance, server) => server.reset(instance),
    afterTest: (instance, test, server) => server.afterTest(instance, test),
    calls: {
      rows: async (instance, strings, ...values) => {
        const { sql, parameters } = parametersOf(strings, values)
        return (await run(instance, sql, parameters)).rows
      },
      query: (instance, sql, values) => run(instance, sql, values),
    },
    worker: join(__dirname, 'worker.js'),
    destroy: (instance, server) => server.destroy(instance),
    stop: (server) => server.stop(),
    admin: adminOf(resolved),
  })
  return resource as Resource as Resource<PostgresHandle>
}

type PostgresValue = Pick<PostgresHandle, 'name' | 'slot' | 'tablePrefix' | 'url'>

// A type, not an interface: only that is assignable to a record of functions.
// oxlint-disable-next-line typescript/consistent-type-definitions
type PostgresCalls = {
  readonly rows: (
    instance: PostgresInstance,
    strings: readonly string[],
    ...values: readonly unknown[]
  ) => Promise<object[]>
  readonly query: (
    instance: PostgresInstance,
    sql: string,
    values?: readonly unknown[],
  ) => Promise<{ readonly rows: object[] }>
}

/** Several statements have several results: the last one counts. */
async function run(instance: PostgresInstance, sql: string, values?: readonly unknown[]) {
  instance.isSessionUsed = true
  const outcome: unknown = await instance.database.session.query(sql, values)
  const last = (Array.isArray(outcome) ? outcome.at(-1) : outcome) as { readonly rows: object[] }
  return { rows: last.rows }
}

function adminOf(options: ResolvedPostgresOptions): ResourceAdmin {
  const load = () => import('./postgres-admin.js')
  return {
    status: async (surroundings) => (await load()).readStatus(surroundings, options),
    clean: async (surroundings, how) => (await load()).cleanServer(surroundings, options, how),
    rebuild: async (surroundings) => (await load()).rebuild(surroundings, options),
    hold: async (surroundings) => (await load()).hold(surroundings, options),
  }
}
