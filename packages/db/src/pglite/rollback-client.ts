import type { PGlite, Transaction } from '@electric-sql/pglite'

/** What the text of a statement does to transactions. */
const BEGIN = /^\s*(?:begin|start\s+transaction)\b/i
const COMMIT = /^\s*(?:commit|end)\b/i
const ROLLBACK = /^\s*(?:rollback|abort)\b(?!\s+(?:work\s+|transaction\s+)?to\b)/i

type Statement = (sql: string, ...more: never[]) => Promise<unknown>

/**
 * A PGlite in one transaction, which is undone at the end of the test. Transactions of the code under test become savepoints in
 * it; a statement that fails outside of them undoes itself alone, as it would without.
 */
export class RollbackClient {
  readonly client: PGlite
  readonly #db: PGlite
  /** One after the other, so that what belongs to one transaction is not interrupted. */
  #queue: Promise<unknown> = Promise.resolve()
  #depth = 0

  private constructor(db: PGlite) {
    this.#db = db
    this.client = this.#proxyOf(db)
  }

  static async begin(db: PGlite): Promise<RollbackClient> {
    await db.exec('begin')
    return new RollbackClient(db)
  }

  /** Whether the code under test has begun one, and not ended it. */
  get hasOpenTransaction(): boolean {
    return this.#depth > 0
  }

  async end(): Promise<void> {
    await this.#queue
    await this.#db.exec('rollback')
  }

  #proxyOf(db: PGlite): PGlite {
    const replaced: Readonly<Record<string, unknown>> = {
      query: this.#guarded(db.query.bind(db), async (sql) => (await db.exec(sql)).at(-1)),
      exec: this.#guarded(db.exec.bind(db), (sql) => db.exec(sql)),
      sql: (strings: TemplateStringsArray, ...values: readonly unknown[]) =>
        this.#inTurn(() => this.#alone(() => db.sql(strings, ...(values as never[])))),
      transaction: (use: (tx: Transaction) => Promise<unknown>) => this.#inTurn(() => this.#transaction(use)),
    }
    return new Proxy(db, {
      get: (target, key) => {
        if (typeof key === 'string' && key in replaced) return replaced[key]
        const value: unknown = Reflect.get(target, key, target)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  }

  /** @param runInstead what takes the place of a statement about transactions */
  #guarded(run: Statement, runInstead: (sql: string) => Promise<unknown>): Statement {
    return (sql, ...more) =>
      this.#inTurn(() => {
        const instead = this.#savepointFor(sql)
        return instead === undefined ? this.#alone(() => run(sql, ...more)) : runInstead(instead)
      })
  }

  /** Instead of a statement about transactions. */
  #savepointFor(sql: string): string | undefined {
    if (BEGIN.test(sql)) return `savepoint heddle_${++this.#depth}`
    if (this.#depth === 0) return undefined
    const name = `heddle_${this.#depth}`
    if (COMMIT.test(sql)) return this.#leave(`set constraints all immediate; release savepoint ${name}`)
    return ROLLBACK.test(sql) ? this.#leave(`rollback to savepoint ${name}; release savepoint ${name}`) : undefined
  }

  #leave(sql: string): string {
    this.#depth -= 1
    return sql
  }

  /** In a transaction of the code under test an error concerns all of it; outside of one only the statement. */
  async #alone<Result>(run: () => Promise<Result>): Promise<Result> {
    return this.#depth > 0 ? run() : this.#within('heddle_guard', run)
  }

  #transaction(use: (tx: Transaction) => Promise<unknown>): Promise<unknown> {
    const tx = {
      query: this.#db.query.bind(this.#db),
      exec: this.#db.exec.bind(this.#db),
      sql: this.#db.sql.bind(this.#db),
    }
    let isUndone = false
    const rollback = async (): Promise<void> => {
      isUndone = true
      await this.#db.exec('rollback to savepoint heddle_transaction')
    }
    return this.#within('heddle_transaction', async () => {
      const result = await use({ ...tx, rollback, closed: false } as unknown as Transaction)
      if (!isUndone) await this.#db.exec('set constraints all immediate')
      return result
    })
  }

  async #within<Result>(savepoint: string, run: () => Promise<Result>): Promise<Result> {
    await this.#db.exec(`savepoint ${savepoint}`)
    try {
      const result = await run()
      await this.#db.exec(`release savepoint ${savepoint}`)
      return result
    } catch (error) {
      await this.#db.exec(`rollback to savepoint ${savepoint}; release savepoint ${savepoint}`)
      throw error
    }
  }

  #inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(run)
    this.#queue = result.catch(() => undefined)
    return result
  }
}
