import type { ResourceInWorker, ResourceWorkerPart, TestReport } from '@heddle/core'
import type { RollbackPool } from './rollback-pool.js'
import type { RollbackSession } from './rollback-session.js'

/** What tests see of a database with `perTest: 'rollback'`. */
export interface RollbackHandle {
  /** In place of a `Pool` or `Client` of `pg`: what is done through it is undone after the test. */
  readonly client: RollbackPool
}

/**
 * The part of a database that has to be in the process of the tests: with `perTest: 'rollback'`, the session of which everything
 * is undone. Nothing in all other cases.
 */
export async function open({ perTest, value }: ResourceInWorker): Promise<ResourceWorkerPart> {
  if (perTest !== 'rollback') return {}
  // Only now, because they load `pg`.
  const [sessions, pools] = await Promise.all([import('./rollback-session.js'), import('./rollback-pool.js')])
  const session = await sessions.RollbackSession.open(urlOf(value))
  const handle: RollbackHandle = { client: new pools.RollbackPool(session) }
  return {
    handle,
    beforeFile: () => session.refresh(),
    beforeTest: () => session.begin(),
    afterTest: () => endTest(session),
    close: () => session.close(),
  }
}

async function endTest(session: RollbackSession): Promise<TestReport> {
  const { openTransaction } = session
  await session.rollback()
  return openTransaction === undefined
    ? {}
    : { left: [`a transaction was left open, whose last statement is: ${openTransaction}`] }
}

function urlOf(value: object): string {
  if ('url' in value && typeof value.url === 'string') return value.url
  throw new TypeError('the value of the resource has no url')
}
