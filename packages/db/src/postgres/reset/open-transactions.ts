import type { RepeatingClient } from '../sql-client.js'

/** A transaction that somebody has left open. */
export interface OpenTransaction {
  /** 0 for one that is prepared (two-phase commit): no session has it. */
  readonly pid: number
  /** The last statement of it. */
  readonly query: string
  /** `idle in transaction`, `active`, `prepared`, … */
  readonly state: string
}

/** Sessions of others with an id for what they write: locks tell it of every role, pg_stat_activity only of one's own. */
export const WRITING_PIDS = `SELECT l.pid FROM pg_locks l
  WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()`

/** Of what another role's session does, only its id and its user are told: background workers have no user. */
export const IS_CLIENT = `a.usesysid IS NOT NULL AND coalesce(a.backend_type, 'client backend') = 'client backend'`

const OPEN = `
SELECT a.pid, coalesce(a.query, '') AS query, coalesce(a.state, 'in a transaction') AS state
FROM pg_stat_activity a
WHERE a.datid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
  AND a.pid <> pg_backend_pid() AND ${IS_CLIENT}
  AND (a.state LIKE 'idle in transaction%' OR a.pid IN (${WRITING_PIDS})
    OR a.state IS NULL AND a.pid IN (SELECT l.pid FROM pg_locks l WHERE l.locktype = 'relation' AND l.granted))
UNION ALL
SELECT 0, 'PREPARE TRANSACTION ' || quote_literal(p.gid), 'prepared'
FROM pg_prepared_xacts p WHERE p.database = current_database()`

/** Transactions of other sessions in this database that are idle in the middle, or have written something. */
export async function findOpenTransactions(session: RepeatingClient): Promise<readonly OpenTransaction[]> {
  const { rows } = await (session.queryAgain?.('heddle_open_transactions', OPEN) ?? session.query(OPEN))
  return rows as OpenTransaction[]
}
