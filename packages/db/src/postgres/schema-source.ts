import { hostname } from 'node:os'
import { newMarker, readMarker, type Maker } from '../common/marker.js'
import { parseName, testName, workerName } from '../common/names.js'
import { quoteIdentifier, quoteLiteral } from '../common/quote.js'
import { runMigrations, runOwn } from '../common/run-migrations.js'
import type { DatabaseRequest, DatabaseSource, WorkerDatabase } from './database-source.js'
import { readHeldKeys } from './held-keys.js'
import { isAlive } from './is-alive.js'
import { lockKey } from './lock-key.js'
import { runSqlFile } from './run-sql-file.js'
import { Session } from './session.js'
import type { SqlClient } from './sql-client.js'
import type { TemplateRecipe } from './template-recipe.js'

/** What a source of schemas is opened with. */
export interface SchemaSourceSetup {
  readonly words: string
  /** Of the one database in which all of them are. */
  readonly url: string
  readonly recipe: TemplateRecipe
  readonly maker: Maker
  readonly signal: AbortSignal
}

/** A test that has locked something makes others wait no longer than this. */
const LOCK_TIMEOUT = "set lock_timeout = '5s'"

/**
 * A schema for each worker, in the database that the URL names: for servers on which no database can be made. There is no template,
 * so each is migrated by itself, and to make one clean is to make it anew.
 */
export class SchemaSource implements DatabaseSource {
  readonly words: string
  readonly #setup: SchemaSourceSetup

  constructor(setup: SchemaSourceSetup) {
    this.#setup = setup
    this.words = setup.words
  }

  async create({ lifetime, slot, number }: DatabaseRequest): Promise<WorkerDatabase> {
    const { recipe, maker } = this.#setup
    const name = lifetime === 'test' ? testName(maker.run, number) : workerName(maker.run, slot)
    const url = withSearchPath(this.#setup.url, name)
    const session = await Session.open({ name: recipe.name, url, onConnect: setLockTimeout })
    await this.#make(session, name, url)
    const recreate = (): Promise<void> => this.#make(session, name, url)
    return {
      name,
      url,
      session,
      recreate,
      reset: async () => {
        await recreate()
        return { cleaned: [], isSchemaChanged: false }
      },
      // Whose a transaction is that somebody has left open in this database, nobody can tell.
      endOpenTransactions: () => Promise.resolve([]),
      keepCopy: () => Promise.resolve(undefined),
      drop: async () => {
        await session.query(`drop schema if exists ${quoteIdentifier(name)} cascade`)
        await session.close()
      },
    }
  }

  async close(): Promise<void> {}

  async #make(session: SqlClient, name: string, url: string): Promise<void> {
    const { recipe, maker, signal } = this.#setup
    const { plan, seed, root } = recipe
    const schema = quoteIdentifier(name)
    const marker = JSON.stringify(newMarker('worker', maker))
    // One transaction: there is no moment in which it is not marked as ours.
    await session.query(
      `begin; drop schema if exists ${schema} cascade; create schema ${schema}; comment on schema ${schema} is ${quoteLiteral(marker)}; commit`,
    )
    const variables = Object.fromEntries(['DATABASE_URL', ...recipe.variables].map((variable) => [variable, url]))
    const env = { ...recipe.env, ...variables }
    const runFile = (file: { readonly path: string; readonly sql: string }) => runSqlFile(session, file)
    await runMigrations(plan, { name: recipe.name, root, target: { url }, env, signal, runFile })
    if (seed !== undefined) await runOwn(() => seed({ url, client: session }), { what: 'seed', name: recipe.name })
  }
}

/** Removes schemas of dead runs: of those with a name that heddle gives *and* its marker. @returns their names */
export async function sweepSchemas(client: SqlClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; comment: string | null }>(
    `select nspname as name, obj_description(oid, 'pg_namespace') as comment from pg_namespace
     where nspname like 'hdl\\_%' and pg_has_role(nspowner, 'USAGE')`,
  )
  const held = await readHeldKeys(client)
  const dead = rows.filter(({ name, comment }) => {
    const key = parseName(name)?.key
    const marker = readMarker(comment)
    if (key === undefined || marker === undefined || held.has(lockKey('run', key))) return false
    // A run whose connection was lost takes its lock again.
    return marker.host !== hostname() || !isAlive(marker.pid)
  })
  for (const { name } of dead) await client.query(`drop schema if exists ${quoteIdentifier(name)} cascade`)
  return dead.map(({ name }) => name)
}

/** Names without a schema mean this one, whoever connects. */
function withSearchPath(url: string, schema: string): string {
  const changed = new URL(url)
  const { searchParams } = changed
  const options = [searchParams.get('options'), `-c search_path=${schema}`].filter((text) => text !== null)
  searchParams.set('options', options.join(' '))
  // Drivers take a plus for a plus.
  return changed.href.replaceAll('+', '%20')
}

async function setLockTimeout(client: SqlClient): Promise<void> {
  await client.query(LOCK_TIMEOUT)
}
