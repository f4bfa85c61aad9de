import { createRequire } from 'node:module'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Client, Pool } from 'pg'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { surroundingsIn, temporaryDir } from '../fixtures/surroundings.js'
import type { WorkerDatabase } from '../src/postgres/database-source.js'
import type * as PgliteSource from '../src/pglite/pglite-source.js'
import { ask } from './own-servers.js'

// The child process is a file of the built package.
const built = createRequire(__filename)('../dist/pglite/pglite-source.js') as typeof PgliteSource

test('many connections work at once, each as if it were alone', async () => {
  const { url } = await openDatabase()
  const pool = new Pool({ connectionString: url, max: 5 })
  onTestFinished(() => pool.end())
  const sums = await Promise.all(
    Array.from({ length: 200 }, (_, i) => pool.query<{ sum: number }>('select $1::int + $2::int as sum', [i, i])),
  )
  expect(sums.map(({ rows }) => rows[0]?.sum)).toEqual(Array.from({ length: 200 }, (_, i) => 2 * i))
})

test('prepared statements of two connections may have the same name', async () => {
  const { url } = await openDatabase()
  const [first, second] = [await connect(url), await connect(url)]
  const one = await first.query({ name: 'q', text: 'select 1 as one' })
  const two = await second.query({ name: 'q', text: 'select 2 as two' })
  const again = await first.query({ name: 'q', text: 'select 1 as one' })
  expect([one.rows, two.rows, again.rows]).toEqual([[{ one: 1 }], [{ two: 2 }], [{ one: 1 }]])
  await first.end()
  expect((await second.query({ name: 'q', text: 'select 2 as two' })).rows).toEqual([{ two: 2 }])
})

test('a transaction is not interrupted by other connections', async () => {
  const { url } = await openDatabase()
  const [first, second] = [await connect(url), await connect(url)]
  await first.query('begin')
  await first.query(`insert into item values (1)`)
  const other = second.query('select count(*)::int as count from item')
  await first.query('rollback')
  expect((await other).rows).toEqual([{ count: 0 }])
})

test('an error in a statement with values concerns that statement alone', async () => {
  const { url } = await openDatabase()
  const client = await connect(url)
  await expect(client.query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' })
  expect((await client.query('select $1::int as one', [1])).rows).toEqual([{ one: 1 }])
})

test('what a connection has left open when it goes is undone', async () => {
  const { url } = await openDatabase()
  const client = await connect(url)
  await client.query('begin')
  await client.query('insert into item values (1)')
  await client.end()
  expect(await ask(url, 'select count(*)::int as count from item')).toEqual({ count: 0 })
})

test('a transaction that a test has left open is told and ended', async () => {
  const database = await openDatabase()
  const client = await connect(database.url)
  await client.query('begin')
  await client.query('insert into item values (1)')
  expect(await database.endOpenTransactions?.()).toEqual([
    { pid: expect.any(Number) as number, query: 'insert into item values (1)', state: 'idle in transaction' },
  ])
  expect(await database.endOpenTransactions?.()).toEqual([])
  const { rows } = await database.session.query('select count(*)::int as count from item')
  expect(rows).toEqual([{ count: 0 }])
  await expect(client.query('select 1')).rejects.toThrow()
})

test('heddle does not wait for ever for a client in a transaction', async () => {
  const { url, session } = await openDatabase()
  const client = await connect(url)
  await client.query('begin')
  expect((await session.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('is made anew under the same URL', async () => {
  const database = await openDatabase()
  await ask(database.url, 'drop table item')
  await database.recreate()
  expect(await ask(database.url, 'select count(*)::int as count from item')).toEqual({ count: 0 })
  expect((await database.session.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('what all start with is made once for all who want it at once, and by nobody after that', async () => {
  const { dir, remove } = temporaryDir()
  onTestFinished(remove)
  let count = 0
  const fill = async (url: string): Promise<void> => {
    count += 1
    await ask(url, 'create table item (id int)')
  }
  const open = () => built.openPgliteSource(contextIn(dir), { hash: 'a', fill })
  const sources = await Promise.all([open(), open()])
  expect(count).toBe(1)
  await open()
  expect(count).toBe(1)
  expect(sources.map((source) => source?.words)).toEqual([expect.stringMatching(/^PGlite \d/), expect.anything()])
  expect(readdirSync(join(dir, 'cache', 'pglite'))).toHaveLength(1)
})

test('what could not be made is not kept, and tried again', async () => {
  const { dir, remove } = temporaryDir()
  onTestFinished(remove)
  const recipe = { hash: 'a', fill: () => Promise.reject(new Error('no such table')) }
  await expect(built.openPgliteSource(contextIn(dir), recipe)).rejects.toThrow('no such table')
  expect(readdirSync(join(dir, 'cache', 'pglite'))).toEqual([])
})

const directory = temporaryDir()
afterAll(directory.remove)

/** All from one dump. */
async function openDatabase(): Promise<WorkerDatabase> {
  const fill = async (url: string): Promise<void> => void (await ask(url, 'create table item (id int)'))
  const source = await built.openPgliteSource(contextIn(directory.dir), { hash: 'shared', fill })
  if (source === undefined) throw new Error('PGlite is not installed')
  onTestFinished(() => source.close())
  return source.create({ slot: 1, lifetime: 'worker', number: 1 })
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

function contextIn(dir: string) {
  return surroundingsIn(dir) as unknown as Parameters<typeof built.openPgliteSource>[0]
}
