import { setTimeout as delay } from 'node:timers/promises'
import type { WorkerDatabase } from './database-source.js'
import { findOpenTransactions, type OpenTransaction } from './reset/reset.js'
import type { RepeatingClient, SqlClient } from './sql-client.js'

/** What goes on in the background may take this long to end by itself. */
const PATIENCE_MS = 200
const PREPARED = 'prepared'

/**
 * Finds the transactions that a test has left open, gives those that end by themselves the time to, and ends the others: the next
 * test would wait for them.
 *
 * @returns for people: pid and last statement of each
 */
export async function endLeftOpen(database: WorkerDatabase): Promise<string[]> {
  if (database.endOpenTransactions !== undefined) return (await database.endOpenTransactions()).map(describe)
  const { session } = database
  const open = await lastingTransactions(session)
  if (open.length === 0) return []
  for (const transaction of open) await end(session, transaction)
  return open.map(describe)
}

/** Prepared transactions outlive every session, and are in the way of whoever wants to remove the database. */
export async function endPrepared(session: SqlClient): Promise<void> {
  for (const transaction of await findOpenTransactions(session)) {
    if (transaction.state === PREPARED) await end(session, transaction)
  }
}

/** What may not be ended, because it is another role's, is told by the reset. */
async function end(session: SqlClient, { pid, query, state }: OpenTransaction): Promise<void> {
  const ending =
    state === PREPARED
      ? session.query(query.replace(/^PREPARE TRANSACTION/, 'ROLLBACK PREPARED'))
      : session.query('select pg_terminate_backend($1)', [pid])
  await ending.catch(() => {})
}

async function lastingTransactions(session: RepeatingClient): Promise<readonly OpenTransaction[]> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (let pauseMs = 5; ; pauseMs *= 2) {
    const open = await findOpenTransactions(session)
    const left = giveUpAt - performance.now()
    if (open.length === 0 || left <= 0) return open
    await delay(Math.min(pauseMs, left))
  }
}

function describe({ pid, query, state }: OpenTransaction): string {
  const line = query.replaceAll(/\s+/g, ' ').trim()
  const where = state === PREPARED ? state : `pid ${pid}, ${state}`
  return `a transaction was left open: ${where}: ${line.length > 200 ? `${line.slice(0, 199)}…` : line}`
}
