import { expect, test } from 'vitest'
import { LockSession } from './lock-session.js'
import type { Session } from './session.js'
import type { SqlClient } from './sql-client.js'

test('what the server still holds for the session before is asked for again when it is connected anew', async () => {
  const answers = [true, false, false, true]
  const asked: unknown[] = []
  const client = {
    query: async (_: string, values: readonly unknown[]) => {
      asked.push(values[0])
      return { rows: [{ locked: answers.shift() }] }
    },
    close: async () => undefined,
  }
  let connect: (on: SqlClient) => Promise<void> = async () => undefined
  const locks = await LockSession.open(async (onConnect) => {
    connect = onConnect
    return client as unknown as Session
  })
  expect(await locks.tryLock('1')).toBe(true)
  await connect(client as unknown as SqlClient)
  expect(asked).toEqual(['1', '1', '1', '1'])
  await locks.close()
})
