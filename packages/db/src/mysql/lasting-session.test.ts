import { expect, test } from 'vitest'
import { openLastingSession } from './lasting-session.js'
import type { Mysql2 } from './mysql-session.js'

/** A server whose connections can be cut. */
function serverOf(): { readonly mysql2: Mysql2; readonly cut: () => void; readonly open: () => number } {
  const living = new Set<object>()
  const lost = Object.assign(new Error('lost'), { code: 'PROTOCOL_CONNECTION_LOST' })
  let count = 0
  const createConnection = async () => {
    const connection = {
      threadId: ++count,
      query: async (): Promise<[unknown, unknown]> => {
        if (!living.has(connection)) throw lost
        return [[{ id: connection.threadId }], []]
      },
      end: async () => void living.delete(connection),
      on: () => undefined,
    }
    living.add(connection)
    return connection
  }
  return { mysql2: { createConnection }, cut: () => living.clear(), open: () => living.size }
}

test('connects again once, however many were asking when the connection was lost', async () => {
  const { mysql2, cut, open } = serverOf()
  const session = await openLastingSession({ mysql2, url: 'mysql://root@127.0.0.1/' })
  cut()
  const ids = await Promise.all([1, 2, 3].map(async () => session.rows('SELECT 1')))
  expect(ids).toEqual([[{ id: 2 }], [{ id: 2 }], [{ id: 2 }]])
  await session.end()
  expect(open()).toBe(0)
})

test('does not connect again once it was ended', async () => {
  const { mysql2, open } = serverOf()
  const session = await openLastingSession({ mysql2, url: 'mysql://root@127.0.0.1/' })
  await session.end()
  await expect(session.rows('SELECT 1')).rejects.toThrow('lost')
  expect(open()).toBe(0)
})

test('goes on after it could not be connected to for a time', async () => {
  const { mysql2, cut } = serverOf()
  let isThere = true
  const createConnection: Mysql2['createConnection'] = async (options) => {
    if (!isThere) throw new Error('connect ECONNREFUSED')
    return mysql2.createConnection(options)
  }
  const session = await openLastingSession({ mysql2: { createConnection }, url: 'mysql://root@127.0.0.1/' })
  cut()
  isThere = false
  await expect(session.rows('SELECT 1')).rejects.toThrow('ECONNREFUSED')
  isThere = true
  expect(await session.rows('SELECT 1')).toEqual([{ id: 2 }])
  await session.end()
})
