import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { AdminPool } from './admin-pool.js'
import { dropDatabase } from './change-databases.js'
import { readHeldKeys } from './held-keys.js'
import { isAlive } from './is-alive.js'
import { lockKey } from './lock-key.js'
import { listOwnDatabases, type OwnDatabase } from './own-database.js'
import { planSweep, type SweepScene, type SweptDatabase } from './plan-sweep.js'
import type { SqlClient } from './sql-client.js'

/** How long a run may be without its lock, when its connection was lost. */
const DOUBT_MS = 2000

/**
 * Removes what dead runs left, and what was kept for too long.
 *
 * @param signal ends it: what is under way is finished, the rest is left to the next run
 * @returns names of what was removed
 */
export async function sweep(admin: AdminPool, signal: AbortSignal): Promise<string[]> {
  const removed = await sweepAtOnce(admin, signal)
  const doubtful = planSweep(await readScene(admin)).filter(({ why }) => why === 'doubtful')
  if (doubtful.length === 0 || signal.aborted) return removed
  await delay(DOUBT_MS, undefined, { signal }).catch(() => {})
  if (signal.aborted) return removed
  const names = new Set(doubtful.map(({ database }) => database.name))
  const still = planSweep(await readScene(admin)).filter(({ database }) => names.has(database.name))
  return [...removed, ...(await removeAll(admin, still.map(asDead), signal))]
}

/** The same, without what has to be looked at twice. */
export async function sweepAtOnce(admin: AdminPool, signal: AbortSignal): Promise<string[]> {
  return removeAll(admin, planSweep(await readScene(admin)), signal)
}

/** What there is, and who lives. */
export async function readScene(admin: SqlClient): Promise<SweepScene> {
  // In this order: who makes a database has its lock before.
  const databases = await listOwnDatabases(admin)
  const held = await readHeldKeys(admin)
  return { databases, held, now: Date.now(), host: hostname(), isAlive }
}

/** Removes a database unless somebody takes it at the same moment. */
export async function removeUnused(admin: AdminPool, database: OwnDatabase): Promise<boolean> {
  const keys = keysOf(database)
  if (keys.length === 0) return dropDatabase(admin, database.name)
  return admin.inSession(async (client) => {
    const taken: string[] = []
    try {
      for (const key of keys) {
        if (!(await tryLock(client, key))) return false
        taken.push(key)
      }
      return await dropDatabase(client, database.name)
    } finally {
      for (const key of taken) await client.query('select pg_advisory_unlock($1::bigint)', [key])
    }
  })
}

async function removeAll(admin: AdminPool, swept: readonly SweptDatabase[], signal: AbortSignal): Promise<string[]> {
  const queue = swept.filter(({ why }) => why !== 'doubtful')
  const removed: string[] = []
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
      if (await removeUnused(admin, next.database)) removed.push(next.database.name)
    }
  }
  await Promise.all([work(), work(), work()])
  return removed
}

/** Those under which somebody may begin to use it. */
function keysOf({ name, parts }: OwnDatabase): string[] {
  if (parts.kind === 'template') return [lockKey('build', parts.key), lockKey('use', parts.key)]
  return parts.kind === 'slot' ? [lockKey('slot', name)] : []
}

async function tryLock(client: SqlClient, key: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1::bigint) as locked', [key])
  return rows[0]?.locked === true
}

function asDead({ database }: SweptDatabase): SweptDatabase {
  return { database, why: 'dead' }
}
