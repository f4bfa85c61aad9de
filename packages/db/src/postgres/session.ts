import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, HeddleError } from '@heddle/core'
import { Client } from 'pg'
import { parseAddress } from '../common/address.js'
import { isGone, toConnectionError } from './connection-error.js'
import type { SqlClient } from './sql-client.js'

/** Whose session it is, and where. */
export interface SessionSetup {
  /** Of the resource, for messages. */
  readonly name: string
  readonly url: string
  /** Whenever it is connected, before anything else. */
  readonly onConnect?: (client: SqlClient) => Promise<void>
  /** How long to try to connect again, ms. @default 10_000 */
  readonly reconnectMs?: number
  /** Connects again as soon as the connection is lost, not only for the next query. */
  readonly staysConnected?: boolean
}

/** A statement; with a name, its plan is kept. */
interface Question {
  readonly name?: string
  readonly text: string
  readonly values?: readonly unknown[] | undefined
}

const CONNECT_TIMEOUT_MS = 3000
const RETRY_MS = 100
const RECONNECT_MS = 10_000
const NOT_PREPARED = '26000'

/**
 * A session of heddle's own. It outlives the connection: after the server was gone, or has ended it, the next query connects
 * again. What was under way when the connection went fails.
 */
export class Session implements SqlClient {
  readonly #setup: SessionSetup
  #client: Promise<Client> | undefined
  /** What that has become. */
  #open: Client | undefined
  #hasConnected = false
  /** Why it could not connect when it tried last. */
  #failure: unknown
  #last: Promise<unknown> = Promise.resolve()
  /** Of statements that are prepared. */
  #generation = 0
  #isClosed = false

  private constructor(setup: SessionSetup) {
    this.#setup = setup
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED` that says what to do */
  static async open(setup: SessionSetup): Promise<Session> {
    const session = new Session(setup)
    await session.#connected()
    return session
  }

  /** Of the backend, as the server told it when it was connected. */
  async processId(): Promise<number | null> {
    // Types of pg do not tell it.
    const { processID } = (await this.#connected()) as Client & { readonly processID: number | null }
    return processID
  }

  /** Whether a transaction has been begun in it and not ended. */
  async isInTransaction(): Promise<boolean> {
    if (this.#client === undefined) return false
    const client = await this.#client
    return client.getTransactionStatus() === 'T' || client.getTransactionStatus() === 'E'
  }

  /** One after the other, in the order in which they are asked. */
  // What rows are is known to whoever writes the statement, to nobody else.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[] }> {
    return this.#inTurn(() => this.#ask<Row>({ text: sql, values }))
  }

  queryAgain(name: string, sql: string): Promise<{ readonly rows: object[] }> {
    return this.#inTurn(async () => {
      try {
        return await this.#ask({ name: `${name}_${this.#generation}`, text: sql })
      } catch (error) {
        if (codeOf(error) !== NOT_PREPARED) throw error
        // A test has removed it (DISCARD ALL), which the driver does not know.
        this.#generation += 1
        return this.#ask({ name: `${name}_${this.#generation}`, text: sql })
      }
    })
  }

  /** Ends the connection; the next query makes another. */
  async disconnect(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    this.#client = undefined
    this.#open = undefined
    await client?.end().catch(() => {})
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.disconnect()
  }

  #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const result = this.#last.then(ask)
    this.#last = result.catch(() => {})
    return result
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  async #ask<Row extends object>({ name, text, values }: Question): Promise<{ readonly rows: Row[] }> {
    const client = await this.#connectedSoon()
    try {
      return await client.query<Row>({ text, ...(name && { name }), ...(values && { values: [...values] }) })
    } catch (error) {
      if (!isGone(error)) throw error
      this.#forget(client)
      throw this.#lost(error)
    }
  }

  /** One that stays connected tries for as long as a run may last, but nobody waits for it so long. */
  async #connectedSoon(): Promise<Client> {
    const connected = this.#connected()
    if (this.#open !== undefined || this.#setup.staysConnected !== true) return connected
    const waiting = new AbortController()
    const tooLong = delay(RECONNECT_MS, undefined, { signal: waiting.signal }).then(() => {
      throw this.#unreachable(this.#failure)
    })
    try {
      return await Promise.race([connected, tooLong])
    } finally {
      tooLong.catch(() => {})
      waiting.abort()
    }
  }

  #connected(): Promise<Client> {
    const client = (this.#client ??= this.#connect())
    client.catch(() => {
      if (this.#client === client) this.#client = undefined
    })
    return client
  }

  async #connect(): Promise<Client> {
    if (this.#isClosed) throw this.#lost(new Error('this session was closed'))
    const giveUpAt = performance.now() + (this.#hasConnected ? (this.#setup.reconnectMs ?? RECONNECT_MS) : 0)
    for (;;) {
      try {
        return await this.#connectOnce()
      } catch (error) {
        if (!isGone(error) || performance.now() > giveUpAt || this.#isClosed) throw this.#unreachable(error)
        this.#failure = error
        await delay(RETRY_MS)
      }
    }
  }

  async #connectOnce(): Promise<Client> {
    const { url, onConnect } = this.#setup
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'heddle',
      keepAlive: true,
    })
    // Without a listener the end of a connection would be an uncaught exception.
    client.on('error', () => this.#forget(client))
    await client.connect()
    try {
      await onConnect?.(client)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    client.on('end', () => this.#forget(client))
    this.#hasConnected = true
    this.#open = client
    return client
  }

  #forget(client: Client): void {
    if (this.#open === client) {
      this.#client = undefined
      this.#open = undefined
      if (this.#setup.staysConnected && !this.#isClosed) this.#connected().catch(() => {})
    }
    client.end().catch(() => {})
  }

  #unreachable(error: unknown): HeddleError {
    return toConnectionError(error, { name: this.#setup.name, words: this.#words })
  }

  #lost(error: unknown): HeddleError {
    return new HeddleError('HEDDLE_RESOURCE_FAILED', {
      problem: `Cannot go on in ${this.#words} for resource "${this.#setup.name}": the connection was lost`,
      fix: 'see the log of the server; heddle connects again for the next test.',
      cause: error,
    })
  }

  get #words(): string {
    return parseAddress(this.#setup.url, { place: 'URL', protocols: ['postgres', 'postgresql'] }).words
  }
}
