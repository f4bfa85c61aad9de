import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { findOpenTransactions, installReset, resetDatabase } from '../src/postgres/reset/reset.js'
import { needServer } from './postgres-server.js'
import { serverPlace, type ResetClone, type ResetPlace, type ResetScene } from './reset-place.js'

const TEMPLATE = `
CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE);
CREATE TABLE orders (id serial PRIMARY KEY, owner integer REFERENCES users (id) ON DELETE CASCADE);
CREATE MATERIALIZED VIEW stamped AS SELECT clock_timestamp() AS at;
INSERT INTO users (email) VALUES ('first'), ('second');
INSERT INTO orders (owner) VALUES (1), (2);
CREATE TABLE hidden (id integer PRIMARY KEY);
INSERT INTO hidden VALUES (1);
ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
ALTER TABLE hidden FORCE ROW LEVEL SECURITY;
CREATE TABLE country (id integer PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE city (id integer PRIMARY KEY, country text REFERENCES country (code) ON UPDATE CASCADE ON DELETE SET NULL);
INSERT INTO country VALUES (1, 'a'), (2, 'b');
INSERT INTO city VALUES (1, 'a'), (2, 'b');
`
const CLEAN = { cleaned: [], isSchemaChanged: false }

describe('resetting a database that others use', { timeout: 60_000 }, () => {
  let place: ResetPlace | undefined
  let scene: ResetScene | undefined
  let opened: ResetClone | undefined
  const clone = (): ResetClone => opened ?? raise()

  beforeEach(async (context) => {
    if (opened !== undefined) return
    place = await serverPlace('the server', await needServer(context), 'owner')
    scene = await place.open()
    await scene.template.query(TEMPLATE)
    await installReset(scene.template)
    await scene.seal()
    opened = await scene.clone()
  })

  afterAll(async () => {
    await opened?.drop()
    await scene?.close()
    await place?.close()
  })

  test('names what it cleaned, and has nothing to do the second time', async () => {
    const { session, tests } = clone()
    await tests.query(`INSERT INTO users (email) VALUES ('third')`)
    await tests.query('INSERT INTO orders (owner) VALUES (3), (1)')
    expect(await resetDatabase(session)).toEqual({
      cleaned: ['public.users', 'public.orders', 'public.users_id_seq', 'public.orders_id_seq'],
      isSchemaChanged: false,
    })
    expect(await resetDatabase(session)).toEqual(CLEAN)
    expect((await tests.query(`INSERT INTO users (email) VALUES ('again') RETURNING id`)).rows).toEqual([{ id: 3 }])
    await resetDatabase(session)
  })

  test('restores keys that were exchanged, for which rows have to go first', async () => {
    const { session, tests } = clone()
    await tests.query(`UPDATE users SET email = CASE email WHEN 'first' THEN 'x' ELSE 'first' END`)
    await tests.query(`UPDATE users SET email = 'second' WHERE email = 'x'`)
    expect(await resetDatabase(session)).toMatchObject({ cleaned: ['public.users'] })
    expect((await tests.query('SELECT * FROM users ORDER BY id')).rows).toEqual([
      { id: 1, email: 'first' },
      { id: 2, email: 'second' },
    ])
    expect((await tests.query('SELECT * FROM orders ORDER BY id')).rows).toEqual([
      { id: 1, owner: 1 },
      { id: 2, owner: 2 },
    ])
  })

  test('restores rows that its own restoring of others would change over foreign keys', async () => {
    const { session, tests } = clone()
    await tests.query('DELETE FROM city WHERE id = 1')
    await tests.query(`UPDATE country SET code = 'x' WHERE id = 2`)
    await tests.query(`UPDATE country SET code = 'b' WHERE id = 1`)
    // Lies behind the other now, so that both can be updated one after the other.
    await tests.query(`UPDATE country SET code = 'y' WHERE id = 2`)
    await tests.query(`UPDATE city SET country = 'b' WHERE id = 2`)
    await resetDatabase(session)
    expect((await tests.query('SELECT * FROM city ORDER BY id')).rows).toEqual([
      { id: 1, country: 'a' },
      { id: 2, country: 'b' },
    ])
    expect(await resetDatabase(session)).toEqual(CLEAN)
  })

  test('keeps and restores rows that policies hide from their owner', async () => {
    const { session, tests, reader } = clone()
    const rows = async () => (await reader.query('SELECT id FROM hidden')).rows
    expect(await rows()).toEqual([{ id: 1 }])
    await tests.query('TRUNCATE hidden')
    await resetDatabase(session)
    expect(await rows()).toEqual([{ id: 1 }])
  })

  test('a transaction that has written is an error with pid and statement, and nothing is reset', async () => {
    const { session, tests } = clone()
    const pid = (await tests.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid
    const statement = `INSERT INTO users (email) VALUES ('late')`
    await tests.query('BEGIN')
    await tests.query(statement)
    try {
      expect(await findOpenTransactions(session)).toEqual([{ pid, query: statement, state: 'idle in transaction' }])
      await expect(resetDatabase(session)).rejects.toMatchObject({
        code: 'HEDDLE_RESOURCE_LEFT_OPEN',
        message: expect.stringContaining(`pid ${pid}, idle in transaction: ${statement}`) as string,
      })
    } finally {
      await tests.query('COMMIT')
    }
    expect(await findOpenTransactions(session)).toEqual([])
    expect(await resetDatabase(session)).toMatchObject({ cleaned: ['public.users', 'public.users_id_seq'] })
  })

  test('a transaction that has failed or only read is told of as well', async () => {
    const { session, tests } = clone()
    await tests.query('BEGIN')
    await tests.query('SELECT 1 / 0').catch(() => {})
    expect(await findOpenTransactions(session)).toMatchObject([{ state: 'idle in transaction (aborted)' }])
    await tests.query('ROLLBACK')
    await tests.query('BEGIN')
    await tests.query('SELECT count(*) FROM users')
    expect(await findOpenTransactions(session)).toMatchObject([{ state: 'idle in transaction' }])
    await tests.query('ROLLBACK')
  })

  test('a transaction of another role is told of, though its statement is not ours to see', async () => {
    const { session, reader } = clone()
    await reader.query('BEGIN')
    await reader.query(`INSERT INTO users (email) VALUES ('of the superuser')`)
    expect(await findOpenTransactions(session)).toMatchObject([{ query: expect.stringContaining('') as string }])
    await expect(resetDatabase(session)).rejects.toMatchObject({ code: 'HEDDLE_RESOURCE_LEFT_OPEN' })
    await reader.query('ROLLBACK')
    await resetDatabase(session)
  })

  test('a statement that still runs is waited for', async () => {
    const { session, tests } = clone()
    const running = tests.query(
      `WITH w AS (INSERT INTO users (email) VALUES ('slow') RETURNING 1) SELECT pg_sleep(0.3) FROM w`,
    )
    for (;;) if ((await findOpenTransactions(session)).length > 0) break
    expect(await resetDatabase(session)).toMatchObject({ cleaned: ['public.users', 'public.users_id_seq'] })
    await running
  })

  test('a lock in the way is an error that names who holds it', async () => {
    const { session, tests } = clone()
    await tests.query(`UPDATE users SET email = 'changed' WHERE id = 1`)
    await tests.query('BEGIN')
    await tests.query('LOCK TABLE users IN SHARE MODE')
    const reset = resetDatabase(session)
    await expect(reset).rejects.toMatchObject({
      code: 'HEDDLE_RESOURCE_LEFT_OPEN',
      message: expect.stringContaining('LOCK TABLE users IN SHARE MODE') as string,
    })
    await tests.query('ROLLBACK')
    expect(await resetDatabase(session)).toMatchObject({ cleaned: ['public.users'] })
  })

  test('a view that cannot be made as it was asks for a new database', async () => {
    const { session, tests } = clone()
    await session.query('BEGIN')
    await session.query('REFRESH MATERIALIZED VIEW stamped')
    expect(await resetDatabase(session)).toEqual({ cleaned: ['public.stamped'], isSchemaChanged: true })
    await session.query('ROLLBACK')
    expect(await resetDatabase(session)).toEqual(CLEAN)
    await tests.query('SELECT 1')
  })
})

describe('installing', { timeout: 60_000 }, () => {
  test('refuses what belongs to somebody else, and names it', async (context) => {
    const url = await needServer(context)
    const place = await serverPlace('the server', url, 'owner')
    const scene = await place.open()
    try {
      await scene.template.query('CREATE TABLE ours (id integer)')
      await scene.asSuperuser('CREATE TABLE foreign_one (id integer)')
      await expect(installReset(scene.template)).rejects.toMatchObject({
        code: 'HEDDLE_RESOURCE_REFUSED',
        message: expect.stringMatching(/table "public\.foreign_one" .* role "postgres"/) as string,
      })
    } finally {
      await scene.close()
      await place.close()
    }
  })
})

function raise(): never {
  throw new Error('there is no clone')
}
