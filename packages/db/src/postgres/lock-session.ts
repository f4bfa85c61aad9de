import { setTimeout as delay } from 'node:timers/promises'
import type { Session } from './session.js'
import type { SqlClient } from './sql-client.js'

type LockMode = 'exclusive' | 'shared'

/** How long the server may take to notice that the session before has gone, ms. */
const PATIENCE_MS = 2000
const PAUSE_MS = 50

/**
 * Advisory locks that last as long as this process, or until they are given back: the server frees them when the process dies,
 * on whichever machine it was. Taken again when the connection was lost.
 */
export class LockSession {
  readonly #held = new Map<string, LockMode>()
  #session: Session | undefined

  /** @param open opens the session; what it is given is to be called whenever that is connected */
  static async open(open: (onConnect: (client: SqlClient) => Promise<void>) => Promise<Session>): Promise<LockSession> {
    const locks = new LockSession()
    locks.#session = await open((client) => locks.#retake(client))
    return locks
  }

  /**
   * @param key see lock-key.ts
   * @returns whether it is held now, by whoever asked just now: what this session held before is not given out again
   */
  async tryLock(key: string, mode: LockMode = 'exclusive'): Promise<boolean> {
    if (this.#held.has(key)) return false
    this.#held.set(key, mode)
    const isLocked = await tryLockIn(this.#open, key, mode).catch((error: unknown) => {
      this.#held.delete(key)
      throw error
    })
    if (!isLocked) this.#held.delete(key)
    return isLocked
  }

  async unlock(key: string): Promise<void> {
    const mode = this.#held.get(key)
    if (mode === undefined) return
    this.#held.delete(key)
    await this.#open.query(`select pg_advisory_unlock${mode === 'shared' ? '_shared' : ''}($1::bigint)`, [key])
  }

  /** Makes sure that it is connected, and so that all locks are held. */
  async check(): Promise<void> {
    await this.#open.query('select 1')
  }

  async close(): Promise<void> {
    this.#held.clear()
    await this.#session?.close()
  }

  get #open(): SqlClient {
    if (this.#session === undefined) throw new Error('no session yet')
    return this.#session
  }

  /** Somebody else may have what was lost: then whoever uses it notices, as it is made clean before every test. */
  async #retake(client: SqlClient): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS
    for (const [key, mode] of this.#held) {
      while (!(await tryLockIn(client, key, mode)) && performance.now() < giveUpAt) await delay(PAUSE_MS)
    }
  }
}

async function tryLockIn(client: SqlClient, key: string, mode: LockMode): Promise<boolean> {
  const suffix = mode === 'shared' ? '_shared' : ''
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock${suffix}($1::bigint) as locked`,
    [key],
  )
  return rows[0]?.locked === true
}
