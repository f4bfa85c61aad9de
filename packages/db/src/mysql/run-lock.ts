import type { MysqlSession } from './mysql-session.js'

/** Holds, for as long as the session lives, what tells others that the run lives. */
export async function holdRun(session: MysqlSession, run: string): Promise<void> {
  await session.rows('SELECT GET_LOCK(?, 0)', [lockOf(run)])
}

/** The server frees the lock when the connection ends, however it does. */
export async function isRunDead(session: MysqlSession, run: string): Promise<boolean> {
  const [row] = await session.rows('SELECT IS_FREE_LOCK(?) AS isFree', [lockOf(run)])
  return Number(row?.['isFree']) === 1
}

function lockOf(run: string): string {
  return `hdl_run_${run}`
}
