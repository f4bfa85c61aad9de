import { Client } from 'pg'
import { parseAddress } from '../common/address.js'
import { toConnectionError } from './connection-error.js'

export interface LockRequest {
  /** Of the resource, for messages. */
  readonly name: string
  /** Of the maintenance database. */
  readonly url: string
  /** See lock-key.ts. */
  readonly key: string
  readonly signal: AbortSignal
}

/**
 * Waits for an advisory lock, and holds it while `run` runs, in a session of its own: so the wait can be ended, and the death of
 * this process ends both.
 */
export async function withLock<T>({ name, url, key, signal }: LockRequest, run: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000, application_name: 'heddle' })
  client.on('error', () => {})
  await client.connect().catch((error: unknown) => {
    const { words } = parseAddress(url, { place: 'URL', protocols: ['postgres', 'postgresql'] })
    throw toConnectionError(error, { name, words })
  })
  const onAbort = (): void => void cancel(client, url)
  signal.addEventListener('abort', onAbort)
  try {
    await client.query('select set_config(name, $1, false) from pg_settings where name = any($2)', ['0', TIMEOUTS])
    await client.query('select pg_advisory_lock($1::bigint)', [key]).catch((error: unknown) => {
      signal.throwIfAborted()
      throw error
    })
    return await run()
  } finally {
    signal.removeEventListener('abort', onAbort)
    await client.end().catch(() => {})
  }
}

const TIMEOUTS = ['statement_timeout', 'lock_timeout', 'idle_session_timeout']

/** Ends the wait on the server as well: a client that is merely gone would be noticed late. */
async function cancel(waiting: Client, url: string): Promise<void> {
  const { processID } = waiting as Client & { readonly processID: number | null }
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select pg_cancel_backend($1)', [processID])
  } catch {
    // The server is gone: so is the wait.
  } finally {
    await client.end().catch(() => {})
  }
}
