import { createRequire } from 'node:module'
import { knex, type Knex } from 'knex'
import type { Pool } from 'pg'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { RollbackPool } from '../src/postgres/rollback-pool.js'
import { open, type RollbackHandle } from '../src/postgres/worker.js'
import { DRIVER_SCENARIOS, type DriverUnderTest } from './driver-scenarios.js'
import { overDrizzle, overKnex, overKysely, overPg } from './drivers.js'
import { needServer } from './postgres-server.js'
import { connectTo, serverPlace, type ResetPlace, type ResetScene } from './reset-place.js'

/** The one that a single session cannot give: it sees its own rows. */
const VISIBLE = 'rows that are not committed, which others do not see'

const DRIVERS: Readonly<Record<string, (client: RollbackPool) => DriverUnderTest>> = {
  pg: (client) => overPg('pg', client as unknown as Pool),
  knex: (client) => overKnex(knexOver(client)),
  kysely: (client) => overKysely(client as unknown as Pool),
  drizzle: (client) => overDrizzle(client as unknown as Pool),
}

/** Knex makes its connections itself: it is told to take ours. */
function knexOver(client: RollbackPool): Knex {
  const Dialect = createRequire(__filename)('knex/lib/dialects/postgres/index.js') as new () => object
  class OverClient extends Dialect {
    acquireRawConnection(): Promise<unknown> {
      return client.connect()
    }
    destroyRawConnection(): void {}
  }
  return knex({ client: OverClient as unknown as typeof Knex.Client, version: '15', connection: {} })
}

interface Rollback {
  readonly url: string
  readonly client: RollbackPool
  readonly part: Awaited<ReturnType<typeof open>>
}

describe('with rollback', { timeout: 60_000 }, () => {
  let place: ResetPlace | undefined
  let scene: ResetScene | undefined
  let rollback: Rollback | undefined
  const opened = (): Rollback => {
    if (rollback === undefined) throw new Error('nothing is open')
    return rollback
  }

  beforeEach(async (context) => {
    if (rollback !== undefined) return
    place = await serverPlace('the server', await needServer(context), 'owner')
    scene = await place.open()
    await scene.template.query(`CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE,
      friend integer REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)`)
    const { url } = scene
    const part = await open({ name: 'main', perTest: 'rollback', value: { url }, call: never, print: () => {} })
    rollback = { url, part, client: (part.handle as RollbackHandle).client }
  })

  afterAll(async () => {
    await rollback?.part.close?.()
    await scene?.close()
    await place?.close()
  })

  /** What a test leaves, if `act` is the test; the table is empty after it, seen from outside. */
  async function attempt(act: (client: RollbackPool) => Promise<void>): Promise<unknown> {
    const { part, client, url } = opened()
    await part.beforeTest?.()
    let left: unknown
    try {
      await act(client)
    } finally {
      left = await part.afterTest?.({ test: 'a test', hasFailed: false })
    }
    const outside = await connectTo(url)
    expect((await outside.query('SELECT * FROM users')).rows).toEqual([])
    await outside.end()
    return left
  }

  const emailsOf = async (client: RollbackPool) =>
    (await client.query<{ email: string }>('SELECT email FROM users ORDER BY email')).rows.map(({ email }) => email)

  test('goes on in a new session after its own was ended, as when the database is made anew between files', async () => {
    const { client, part, url } = opened()
    const endSessions = async (): Promise<void> => {
      const other = await connectTo(url)
      await other.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'heddle rollback'
        AND datname = current_database()`)
      await other.end()
    }
    await endSessions()
    await part.beforeFile?.()
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await endSessions()
    await part.beforeTest?.()
    await client.query("INSERT INTO users (email) VALUES ('x')")
    await endSessions()
    await expect(part.afterTest?.({ test: 'a test', hasFailed: true })).rejects.toThrow()
    await part.beforeTest?.()
    expect((await client.query('SELECT email FROM users')).rows).toEqual([])
    await part.afterTest?.({ test: 'a test', hasFailed: false })
  })

  for (const [name, over] of Object.entries(DRIVERS)) {
    test.for(DRIVER_SCENARIOS.filter((scenario) => scenario.name !== VISIBLE))(
      `${name}: $name`,
      async ({ play, emails }) => {
        const driver = over(opened().client)
        const left = await attempt(async (client) => {
          await play(driver)
          expect(await emailsOf(client)).toEqual(emails)
        })
        expect(left).toEqual({})
        await driver.close()
      },
    )
  }

  test('what is not committed is seen by others: there is one session', () =>
    attempt(async (client) => {
      const scenario = DRIVER_SCENARIOS.find(({ name }) => name === VISIBLE)
      await scenario?.play(overPg('pg', client as unknown as Pool))
      expect(await emailsOf(client)).toEqual(['a', 'seen'])
    }) as Promise<void>)

  test('deferred constraints are checked at COMMIT and after statements of their own, and stay deferred', () =>
    attempt(async (client) => {
      await expect(client.query(`INSERT INTO users (email, friend) VALUES ('a', 999)`)).rejects.toMatchObject({
        code: '23503',
      })
      for (let round = 0; round < 2; round += 1) {
        const one = await client.connect()
        await one.query('BEGIN')
        await one.query(`INSERT INTO users (email, friend) VALUES ('b', 999)`)
        await expect(one.query('COMMIT')).rejects.toMatchObject({ code: '23503' })
        one.release()
      }
      expect(await emailsOf(client)).toEqual([])
    }) as Promise<void>)

  test('a failed statement aborts the transaction of its connection alone', () =>
    attempt(async (client) => {
      const one = await client.connect()
      await one.query('BEGIN')
      await one.query(`INSERT INTO users (email) VALUES ('a')`)
      await one.query('SAVEPOINT "Here"')
      await expect(one.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' })
      await expect(one.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
      expect(await emailsOf(client)).toEqual(['a'])
      await one.query('ROLLBACK TO "Here"')
      await one.query(`INSERT INTO users (email) VALUES ('b')`)
      await expect(one.query('RELEASE nowhere')).rejects.toMatchObject({ code: '3B001' })
      expect(await one.query('COMMIT')).toMatchObject({ command: 'ROLLBACK' })
      expect(await emailsOf(client)).toEqual([])
      one.release()
    }) as Promise<void>)

  test('all ways to ask', () =>
    attempt(async (client) => {
      const rows = [{ n: 7 }]
      expect((await client.query('SELECT 7 AS n')).rows).toEqual(rows)
      expect((await client.query('SELECT $1::int AS n', [7])).rows).toEqual(rows)
      expect((await client.query({ text: 'SELECT $1::int AS n', values: [7], name: 'seven' })).rows).toEqual(rows)
      expect((await client.query({ text: 'SELECT $1::int AS n', rowMode: 'array' } as never, [7])).rows).toEqual([[7]])
      expect(
        await new Promise((resolve) => client.query('SELECT 7 AS n', (_, result) => resolve(result?.rows))),
      ).toEqual(rows)
      expect(
        await new Promise((resolve) => client.query('SELECT $1::int AS n', [7], (_, result) => resolve(result?.rows))),
      ).toEqual(rows)
      expect(await new Promise((resolve) => client.query('SELECT nothing', (error) => resolve(error)))).toMatchObject({
        code: '42703',
      })
      const types = { getTypeParser: () => (text: string) => `<${text}>` }
      expect((await client.query({ text: 'SELECT 7 AS n', types } as never)).rows).toEqual([{ n: '<7>' }])
      const released = await new Promise((resolve) => {
        client.connect(
          (_, one, release) => void one.query('SELECT 7 AS n').then(({ rows: found }) => (release(), resolve(found))),
        )
      })
      expect(released).toEqual(rows)
    }) as Promise<void>)

  test('a transaction that is left open is told of, and the next test begins afresh', async () => {
    const left = await attempt(async (client) => {
      await client.query('BEGIN')
      await client.query(`INSERT INTO users (email) VALUES ('a')`)
    })
    expect(left).toEqual({ left: [expect.stringContaining(`INSERT INTO users (email) VALUES ('a')`)] })
    expect(
      await attempt(async (client) => {
        await client.query('BEGIN')
        await client.query('COMMIT')
      }),
    ).toEqual({})
  })

  test('a transaction inside another one that waits for it is an error after a while', () =>
    attempt(async (client) => {
      const [one, two] = [await client.connect(), await client.connect()]
      await one.query('BEGIN')
      await expect(two.query('BEGIN')).rejects.toMatchObject({ code: 'HEDDLE_RESOURCE_FAILED' })
      await one.query('ROLLBACK')
      await two.query('BEGIN')
      await two.query('COMMIT')
    }) as Promise<void>)

  test('several statements of which one would end the transaction are refused', () =>
    attempt(async (client) => {
      await expect(client.query(`INSERT INTO users (email) VALUES ('; commit'); COMMIT`)).rejects.toThrow(/one by one/)
      await client.query(`INSERT INTO users (email) VALUES ('; commit')`)
      expect(await emailsOf(client)).toEqual(['; commit'])
    }) as Promise<void>)
})

function never(): never {
  throw new Error('nothing is called')
}
