import { HeddleError, reasonOf } from '@heddle/core'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SqlClient } from '../sql-client.js'
import { findOpenTransactions, type OpenTransaction } from './open-transactions.js'
import { sqlStateOf } from './sql-state.js'

export { installReset } from './install-reset.js'
export { findOpenTransactions, type OpenTransaction } from './open-transactions.js'

/** What a reset found. */
export interface ResetOutcome {
  /** Tables that had to be cleaned, and sequences that had to be set back, by name. */
  readonly cleaned: readonly string[]
  /** Whether tables, functions, types … are other than in the template: then nothing was reset, the database is to be made anew. */
  readonly isSchemaChanged: boolean
}

interface Found {
  readonly cleaned?: readonly string[]
  readonly schema?: true
  readonly final?: readonly string[]
  readonly isWritten?: true
}

/** How long a statement that others are still running may take. */
const PATIENCE_MS = 5000
const PAUSE_MS = 10

/** The functions are gone: with the schema. */
const MISSING = new Set(['42883', '3F000', '42P01'])
const LOCKED = '55P03'
const DEADLOCK = '40P01'
const NOT_RESTORED = 'HD002'

/**
 * Makes a clone of the template as it was, in one round trip.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_LEFT_OPEN` if another session is in the middle of a transaction that it does not end,
 *   `HEDDLE_RESOURCE_FAILED`
 */
export async function resetDatabase(session: SqlClient): Promise<ResetOutcome> {
  const patientUntil = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await attempt(session)
    if (!found.isWritten) return outcomeOf(found)
    const open = await findOpenTransactions(session)
    const isHopeless = open.some(({ state }) => /^(?:idle|prepared)/.test(state)) || performance.now() > patientUntil
    if (open.length > 0 && isHopeless) throw leftOpen(open)
    await sleep(PAUSE_MS)
  }
}

function outcomeOf({ schema, final, cleaned = [] }: Found): ResetOutcome {
  return { cleaned: final ?? cleaned, isSchemaChanged: schema === true || final !== undefined }
}

async function attempt(session: SqlClient): Promise<Found> {
  try {
    return await callReset(session, false)
  } catch (error) {
    if (MISSING.has(sqlStateOf(error))) return { schema: true }
    if (!isAboutKeys(error)) throw await failure(session, error)
  }
  return callReset(session, true).catch(async (error: unknown) => {
    throw await failure(session, error)
  })
}

async function callReset(session: SqlClient, isThorough: boolean): Promise<Found> {
  const { rows } = await session.query<{ found: Found }>('SELECT _heddle.reset($1) AS found', [isThorough])
  return rows[0]?.found ?? {}
}

/** Class 23: what is restored row by row collides on the way with what is not restored yet. */
function isAboutKeys(error: unknown): boolean {
  const code = sqlStateOf(error)
  return code.startsWith('23') || code === NOT_RESTORED
}

async function failure(session: SqlClient, error: unknown): Promise<HeddleError> {
  const code = sqlStateOf(error)
  if (code === LOCKED || code === DEADLOCK) {
    const open = await findOpenTransactions(session)
    if (open.length > 0) return leftOpen(open, error)
  }
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot reset the database: ${reasonOf(error)}`,
    fix: `it is made anew; if that happens often, use perTest: 'clone'.`,
    cause: error,
  })
}

function leftOpen(open: readonly OpenTransaction[], cause?: unknown): HeddleError {
  const words = open.map(({ pid, state, query }) => `pid ${pid}, ${state}: ${query}`)
  return new HeddleError('HEDDLE_RESOURCE_LEFT_OPEN', {
    problem: `Cannot reset the database: others are in the middle of a transaction (${words.join('; ')})`,
    fix: 'let the test end its transactions, with COMMIT or ROLLBACK, and wait for all that it has begun.',
    cause,
  })
}
