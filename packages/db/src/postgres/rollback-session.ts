import { HeddleError } from '@heddle/core'
import type { Client, QueryConfig, QueryResult } from 'pg'
import { isGone } from './connection-error.js'
import { connectRollback, type ConnectedRollback } from './connect-rollback.js'
import { isSubmittable, type RollbackQuery } from './rollback-query.js'

/** Taken before tests replace them. */
const { setTimeout, clearTimeout } = globalThis

/** How long a transaction waits for another that nobody goes on with. */
const PATIENCE_MS = 5000

/**
 * The one session in which everything of a test happens, inside one transaction that is never committed. What looks like a
 * connection to the code under test shares it with others: statements in their turn, transactions one after the other.
 */
export class RollbackSession {
  readonly #url: string
  #connection: ConnectedRollback
  #turn: Promise<unknown> = Promise.resolve()
  #owner: object | undefined
  #waiting: { readonly owner: object; readonly go: () => void }[] = []
  #isInTest = false
  #epoch = 0
  #lastText = ''
  #lastAt = 0

  private constructor(url: string, connection: ConnectedRollback) {
    this.#url = url
    this.#connection = connection
  }

  static async open(url: string): Promise<RollbackSession> {
    return new RollbackSession(url, await connectRollback(url))
  }

  /** The connection of `pg`, for what has to know it (type parsers, escaping). */
  get client(): Client {
    return this.#client
  }

  get #client(): Client {
    return this.#connection.client
  }

  /** Undefined if no transaction of the code under test is open; else its last statement. */
  get openTransaction(): string | undefined {
    return this.#owner === undefined ? undefined : this.#lastText
  }

  get hasTransaction(): boolean {
    return this.#owner !== undefined
  }

  /** Another after every test: what a connection knows of its transaction is over with it. */
  get epoch(): number {
    return this.#epoch
  }

  /** A file begins. Its database may have been made anew since the one before, which ends all sessions in it. */
  async refresh(): Promise<void> {
    await this.exclusively(() => this.#inLiving('SELECT 1'))
  }

  /** A test begins. Before the first, statements are what they are: what `beforeAll` writes stays for the file. */
  async begin(): Promise<void> {
    await this.exclusively(() => this.#inLiving('BEGIN'))
    this.#isInTest = true
  }

  async rollback(): Promise<void> {
    try {
      await this.exclusively(() => this.#client.query('ROLLBACK'))
      await this.exclusively(() => this.#client.query('SELECT pg_advisory_unlock_all()'))
    } finally {
      this.#isInTest = false
      this.#epoch += 1
      this.#owner = undefined
      this.#waiting = []
    }
  }

  async close(): Promise<void> {
    await this.#client.end()
  }

  /** One after the other. */
  exclusively<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(act)
    this.#turn = result.catch(() => {})
    return result
  }

  /** A statement that leaves the transaction usable if it fails. */
  guarded(query: RollbackQuery): Promise<QueryResult> {
    this.#note(query.text)
    return this.exclusively(async () => {
      if (isSubmittable(query.config)) return this.#client.query(query.config as never)
      if (!this.#isInTest && !this.hasTransaction) return this.#ask(query)
      await this.#client.query('SAVEPOINT heddle_guard')
      try {
        const result = await this.#ask(query)
        if (!this.hasTransaction) await this.#checkDeferred()
        await this.#client.query('RELEASE SAVEPOINT heddle_guard')
        return result
      } catch (error) {
        await this.#client.query('ROLLBACK TO SAVEPOINT heddle_guard; RELEASE SAVEPOINT heddle_guard')
        throw error
      }
    })
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED` if another transaction is in the way and nobody goes on with it */
  async beginNested(owner: object): Promise<void> {
    while (this.#owner !== undefined && this.#owner !== owner) await this.#turnOf(owner)
    this.#owner = owner
    this.#note('BEGIN')
    await this.command(this.#isInTest ? 'SAVEPOINT heddle_transaction' : 'BEGIN')
  }

  /** What was put off until the end is looked at now. */
  async commitNested(): Promise<void> {
    try {
      await this.exclusively(() => this.#checkDeferred())
      await this.command(this.#isInTest ? 'RELEASE SAVEPOINT heddle_transaction' : 'COMMIT')
    } catch (error) {
      await this.#undoNested()
      throw error
    } finally {
      this.#handOver()
    }
  }

  async rollbackNested(): Promise<void> {
    await this.#undoNested()
    this.#handOver()
  }

  async command(text: string): Promise<void> {
    this.#note(text)
    await this.exclusively(() => this.#client.query(text))
  }

  async #undoNested(): Promise<void> {
    const undo = 'ROLLBACK TO SAVEPOINT heddle_transaction; RELEASE SAVEPOINT heddle_transaction'
    await this.command(this.#isInTest ? undo : 'ROLLBACK')
  }

  #ask({ config, values }: RollbackQuery): Promise<QueryResult> {
    return this.#client.query(config as QueryConfig, values as unknown[])
  }

  /** In a new connection, if this one was ended while nobody used it. */
  async #inLiving(text: string): Promise<void> {
    try {
      await this.#client.query(text)
    } catch (error) {
      if (!isGone(error)) throw error
      await this.#client.end().catch(() => {})
      this.#connection = await connectRollback(this.#url)
      await this.#client.query(text)
    }
  }

  /** Nothing sets constraints back to how they are at first, so those that were deferred are told to be. */
  async #checkDeferred(): Promise<void> {
    const { deferred } = this.#connection
    if (deferred.length === 0) return
    await this.#client.query('SET CONSTRAINTS ALL IMMEDIATE')
    await this.#client.query(`SET CONSTRAINTS ${deferred.join(', ')} DEFERRED`)
  }

  #turnOf(owner: object): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry = {
        owner,
        go: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const look = (): void => {
        const idleMs = performance.now() - this.#lastAt
        if (idleMs < PATIENCE_MS) {
          timer = setTimeout(look, PATIENCE_MS - idleMs)
          return
        }
        this.#waiting = this.#waiting.filter((one) => one !== entry)
        reject(inTheWay(this.#lastText))
      }
      let timer = setTimeout(look, PATIENCE_MS)
      this.#waiting.push(entry)
    })
  }

  #handOver(): void {
    this.#owner = undefined
    this.#waiting.shift()?.go()
  }

  #note(text: string): void {
    this.#lastText = text
    this.#lastAt = performance.now()
  }
}

function inTheWay(statement: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot begin a transaction: with perTest "rollback" there is one session, and another transaction has been open in it for ${PATIENCE_MS} ms without going on (${statement})`,
    fix: `end that one first, or use perTest: 'reset', where transactions are real and connections many.`,
  })
}
