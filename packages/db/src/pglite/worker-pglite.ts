import { HeddleError, type EndedTest, type ResourceInWorker, type TestReport } from '@heddle/core'
import type { PGlite } from '@electric-sql/pglite'
import { resetDatabase } from '../postgres/reset/reset.js'
import { parametersOf } from '../postgres/sql-parameters.js'
import { loadPglite, type PgliteSetup } from './load-pglite.js'
import type { PgliteHandle } from './pglite-handle.js'
import { RollbackClient } from './rollback-client.js'
import { sqlClientOf } from './sql-client-of.js'

/** The PGlite of a worker, or of one test. */
export class WorkerPglite {
  readonly handle: PgliteHandle
  readonly #at: ResourceInWorker
  #db: PGlite
  /** Instead of it, while a transaction around the test is open. */
  #rollback: RollbackClient | undefined
  #lastTest: string | undefined

  private constructor(at: ResourceInWorker, db: PGlite) {
    this.#at = at
    this.#db = db
    this.handle = handleOf(() => this.#rollback?.client ?? this.#db)
  }

  static async open(at: ResourceInWorker): Promise<WorkerPglite> {
    return new WorkerPglite(at, await loadPglite(at.value as PgliteSetup))
  }

  async beforeFile(): Promise<void> {
    if (this.#at.perTest !== 'none') await this.#clean()
  }

  async beforeTest(): Promise<void> {
    const { perTest } = this.#at
    if (perTest === 'reset') await this.#clean()
    if (perTest === 'rollback') this.#rollback = await RollbackClient.begin(this.#db)
  }

  async afterTest({ test, isShared = false }: EndedTest): Promise<TestReport> {
    this.#lastTest = test
    if (isShared) return {}
    const isOpen = this.#rollback?.hasOpenTransaction ?? this.#db.isInTransaction()
    await this.#rollback?.end()
    this.#rollback = undefined
    if (!isOpen) return {}
    if (this.#db.isInTransaction()) await this.#db.exec('rollback')
    return { left: ['a transaction was left open: add the commit or rollback that is missing'] }
  }

  async close(): Promise<void> {
    await this.#db.close()
  }

  async #clean(): Promise<void> {
    await this.#db.exec('reset all; discard temp')
    const { isSchemaChanged } = await resetDatabase(sqlClientOf(this.#db))
    if (!isSchemaChanged) return
    await this.#db.close()
    this.#db = await loadPglite(this.#at.value as PgliteSetup)
    const by = this.#lastTest === undefined ? 'something before the first test' : `"${this.#lastTest}"`
    this.#at.print(
      `resource "${this.#at.name}": ${by} changed the schema, so the database was made anew; perTest: 'clone' is meant for such tests`,
    )
  }
}

/** @param current changes when the database is made anew */
function handleOf(current: () => PGlite): PgliteHandle {
  const query: PgliteHandle['query'] = (sql, values) => sqlClientOf(current()).query(sql, values)
  return {
    get client() {
      return current()
    },
    query,
    async rows<Row extends object>(strings: TemplateStringsArray, ...values: readonly unknown[]) {
      if (!Array.isArray(strings)) throw notTagged()
      const { sql, parameters } = parametersOf(strings, values)
      return (await query<Row>(sql, parameters)).rows
    },
  }
}

function notTagged(): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_INVALID', {
    problem: 'Cannot read rows "…": it is a tag of a template',
    fix: 'write rows`select …`, or query(text) for a text.',
  })
}
