import { newMarker, type Maker } from '../common/marker.js'
import { testName, workerName } from '../common/names.js'
import { runMigrations, runOwn } from '../common/run-migrations.js'
import type { DatabaseRequest, DatabaseSource, WorkerDatabase } from './database-source.js'
import { runSqlFile } from './run-sql-file.js'
import { Session } from './session.js'
import type { SpaceKind } from './space-kind.js'
import type { SqlClient } from './sql-client.js'
import type { TemplateRecipe } from './template-recipe.js'

/** What a source of spaces is opened with. */
export interface SpaceSourceSetup {
  readonly words: string
  /** Of the one database in which all of them are. */
  readonly url: string
  readonly recipe: TemplateRecipe
  readonly maker: Maker
  /** Which resource of which project. */
  readonly owner: string
  readonly signal: AbortSignal
  readonly kind: SpaceKind
  /** Tells a command what names of tables have to begin with. */
  readonly prefixVariable: string
}

/** A test that has locked something makes others wait no longer than this. */
const LOCK_TIMEOUT = "set lock_timeout = '5s'"

/**
 * A space for each worker, in the database that the URL names: for servers on which no database can be made. There is no template,
 * so each is migrated by itself, and to make one clean is to make it anew.
 */
export class SpaceSource implements DatabaseSource {
  readonly words: string
  readonly #setup: SpaceSourceSetup

  constructor(setup: SpaceSourceSetup) {
    this.#setup = setup
    this.words = setup.words
  }

  async create(request: DatabaseRequest): Promise<WorkerDatabase> {
    const { lifetime, slot, number } = request
    const { recipe, maker, kind } = this.#setup
    const name = lifetime === 'test' ? testName(maker.run, number) : workerName(maker.run, slot)
    const { url, tablePrefix } = kind.addressOf(this.#setup.url, name)
    const session = await Session.open({ name: recipe.name, url, onConnect: setLockTimeout })
    await this.#make(session, name, request)
    const recreate = (): Promise<void> => this.#make(session, name, request)
    return {
      name,
      url,
      tablePrefix,
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
        await kind.remove(session, name)
        await session.close()
      },
    }
  }

  async close(): Promise<void> {}

  async #make(session: SqlClient, name: string, { slot, lifetime }: DatabaseRequest): Promise<void> {
    const { recipe, maker, owner, signal, kind, prefixVariable } = this.#setup
    const { plan, seed, root } = recipe
    const target = kind.addressOf(this.#setup.url, name)
    const marker = newMarker(lifetime, maker, { owner, slot })
    await kind.make(session, name, JSON.stringify(marker))
    const urls = ['DATABASE_URL', ...recipe.variables].map((variable) => [variable, target.url])
    const prefix = target.tablePrefix === '' ? {} : { [prefixVariable]: target.tablePrefix }
    const env = { ...recipe.env, ...Object.fromEntries(urls), ...prefix }
    const runFile = (file: { readonly path: string; readonly sql: string }) => runSqlFile(session, file)
    await runMigrations(plan, { name: recipe.name, root, target, env, signal, runFile })
    if (plan.files.length > 0) await kind.checkMigrated?.(session, name)
    if (seed !== undefined)
      await runOwn(() => seed({ ...target, client: session }), { what: 'seed', name: recipe.name })
  }
}

async function setLockTimeout(client: SqlClient): Promise<void> {
  await client.query(LOCK_TIMEOUT)
}
