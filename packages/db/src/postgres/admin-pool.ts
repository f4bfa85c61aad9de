import { HeddleError, reasonOf } from '@heddle/core'
import { Pool, type PoolClient } from 'pg'
import { isGone } from './connection-error.js'
import type { SqlClient } from './sql-client.js'

const MAX = 4

/** Sessions in the maintenance database, for what may be done at once: making and removing databases. */
export class AdminPool implements SqlClient {
  readonly #pool: Pool

  /** @param runLock of the run: held by every session, so that a run that was killed lives until its last statement has ended */
  constructor(url: string, runLock?: string) {
    this.#pool = new Pool({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      max: MAX,
      idleTimeoutMillis: 1000,
      application_name: 'heddle',
      verify: (client, ready) => void prepare(client, runLock).then(() => ready(), ready),
    })
    // Connections that end while nobody uses them: the next query makes another.
    this.#pool.on('error', () => {})
    // And those that end while somebody has them between two statements: the next one fails.
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  // What rows are is known to whoever writes the statement, to nobody else.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  async query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Row[] }> {
    try {
      return await this.#pool.query<Row>(sql, values && [...values])
    } catch (error) {
      if (!isGone(error)) throw error
      throw new HeddleError('HEDDLE_RESOURCE_FAILED', {
        problem: `Cannot make or remove databases: the server has gone (${reasonOf(error)})`,
        fix: 'see the log of the server; heddle connects again for the next test.',
        cause: error,
      })
    }
  }

  /** Runs several statements in one session. */
  async inSession<T>(run: (client: SqlClient) => Promise<T>): Promise<T> {
    const client: PoolClient = await this.#pool.connect()
    let failure: unknown
    try {
      return await run(client)
    } catch (error) {
      failure = error
      throw error
    } finally {
      // A session that may still hold locks is not given to anybody else.
      client.release(failure !== undefined)
    }
  }

  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end()
  }
}

async function prepare(client: PoolClient, runLock: string | undefined): Promise<void> {
  if (runLock !== undefined) await client.query('select pg_advisory_lock_shared($1::bigint)', [runLock])
  // What this process has begun is not to go on without it. Not every server and system can tell.
  await client.query("set client_connection_check_interval = '200ms'").catch(() => {})
}
