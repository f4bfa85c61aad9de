import { expect, test } from 'vitest'
import { AdminPool } from '../src/postgres/admin-pool.js'
import { ask, OwnServers } from './own-servers.js'

test('a session that the server ends between two statements fails its next one, and not the whole run', async () => {
  const { url } = await new OwnServers().open()
  const pool = new AdminPool(url)
  const uncaught: unknown[] = []
  const onUncaught = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtExceptionMonitor', onUncaught)
  const failing = pool.inSession(async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const gone = new Promise((resolve) => (client as unknown as NodeJS.EventEmitter).once('end', resolve))
    await ask(url, `select pg_terminate_backend(${rows[0]?.pid})`)
    await gone
    await client.query('select 1')
  })
  await expect(failing).rejects.toThrow()
  process.off('uncaughtExceptionMonitor', onUncaught)
  expect(uncaught).toEqual([])
  await pool.close()
})
