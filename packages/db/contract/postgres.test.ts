import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isUntouched } from '../src/postgres/is-untouched.js'
import { missingServer, PATIENCE_MS, PostgresScene, USERS } from './postgres-scene.js'

// One template and its slots for all of them: on a server that waits for its disk each clone takes long.
let scene: PostgresScene
beforeAll(() => {
  if (missingServer === undefined) scene = new PostgresScene({ isShared: true })
})
afterAll(() => scene?.remove(), PATIENCE_MS)

describe.skipIf(missingServer !== undefined)(`PostgreSQL on a server${missingServer ?? ''}`, () => {
  test('every worker has a database of its own, migrated, with URL and variables', async () => {
    const run = await scene.open({ env: ['DATABASE_URL', 'PG_URL'] })
    const [one, two] = await Promise.all([run.create(1), run.create(2)])
    const { url, name, slot } = run.value(one)
    expect(run.env(one)).toEqual({ DATABASE_URL: url, PG_URL: url })
    expect([name, slot]).toEqual([expect.stringMatching(/^hdl_/), 1])
    expect(name).not.toBe(run.value(two).name)
    const client = await scene.connect(url)
    await client.query("insert into users (email) values ('a@b.c')")
    expect(await run.tagged(one, ['select email from users where id = ', ''] as never, 1)).toEqual([{ email: 'a@b.c' }])
    expect(await run.rows(two, 'select * from users')).toEqual([])
  })

  test('commits wait for no disk, as if the server were made for tests', async () => {
    const run = await scene.open()
    const client = await scene.connect(run.value(await run.create(1)).url)
    const { rows } = await client.query('select current_setting($1) as fsync, current_setting($2) as commit', [
      'fsync',
      'synchronous_commit',
    ])
    expect(rows[0].fsync === 'off' || rows[0].commit === 'off', JSON.stringify(rows)).toBe(true)
  })

  test('what a test committed is gone after a reset, over the same connections', async () => {
    const run = await scene.open()
    const instance = await run.create(1)
    const client = await scene.connect(run.value(instance).url)
    for (const email of ['a', 'b']) {
      await client.query('insert into users (email) values ($1)', [email])
      await client.query("update plans set name = 'x'; delete from plans where id = 2")
      expect(await run.afterTest(instance)).toEqual({ left: [], kept: [] })
      expect((await run.reset(instance)).cleaned).toEqual(expect.arrayContaining(['public.users', 'public.plans']))
      const { rows } = await client.query('select id, name from plans union all select id, email from users order by 1')
      expect(rows).toEqual([
        { id: '1', name: 'free' },
        { id: '2', name: 'pro' },
      ])
    }
    const { rows } = await client.query("insert into users (email) values ('c') returning id")
    expect(rows).toEqual([{ id: '1' }])
  })

  test('a schema that a test changed is made anew, with a line that names the test', async () => {
    const run = await scene.open()
    const instance = await run.create(1)
    await run.rows(instance, 'alter table users add column age int')
    await run.afterTest(instance, 'orders.test.ts > adds a column')
    const { notice } = await run.reset(instance)
    expect(notice).toMatch(/"orders.test.ts > adds a column" changed the schema.*made anew.*perTest: 'clone'/)
    expect(await run.rows(instance, 'select * from users')).toEqual([])
    await expect(run.rows(instance, 'select age from users')).rejects.toThrow('column "age" does not exist')
    expect((await run.reset(instance)).notice).toBeUndefined()
  })

  test('a transaction that a test left open is told with pid and statement, and ended', async () => {
    const run = await scene.open()
    const instance = await run.create(1)
    const client = await scene.connect(run.value(instance).url)
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    await client.query('begin')
    await client.query("insert into users (email)\n values ('left')")
    const { left } = await run.afterTest(instance)
    expect(left).toEqual([
      `a transaction was left open: pid ${rows[0]?.pid}, idle in transaction: insert into users (email) values ('left')`,
    ])
    await run.reset(instance)
    expect(await run.rows(instance, 'select * from users')).toEqual([])
    expect(await run.afterTest(instance)).toEqual({ left: [], kept: [] })
  })

  test('where other tests go on in the same database, a transaction may be theirs, and is left alone', async () => {
    const run = await scene.open({ perTest: 'file' })
    const instance = await run.create(1)
    const client = await scene.connect(run.value(instance).url)
    await client.query("begin; insert into users (email) values ('theirs')")
    expect(await run.afterTest(instance, 'another test', false, true)).toEqual({ left: [], kept: [] })
    await client.query('commit')
    expect(await run.rows(instance, 'select email from users')).toEqual([{ email: 'theirs' }])
  })

  test('what a test prepares and declares in heddle’s session goes with it; what heddle has prepared may go as well', async () => {
    const run = await scene.open()
    const instance = await run.create(1)
    await run.afterTest(instance)
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await run.rows(
        instance,
        "prepare one as select 1; declare two cursor with hold for select 2; select nextval('users_id_seq')",
      )
      expect(await run.afterTest(instance)).toEqual({ left: [], kept: [] })
      await run.reset(instance)
    }
    await expect(run.rows(instance, 'select lastval()')).rejects.toThrow('not yet defined')
    await run.rows(instance, 'deallocate all')
    expect(await run.afterTest(instance)).toEqual({ left: [], kept: [] })
    expect(await run.reset(instance)).toEqual({ cleaned: [] })
  })

  test('a prepared transaction is told as well, and undone', async ({ skip }) => {
    const run = await scene.open()
    const instance = await run.create(1)
    const [setting] = await run.rows(instance, 'show max_prepared_transactions')
    if (setting?.['max_prepared_transactions'] === '0') skip('the server allows no prepared transactions')
    const client = await scene.connect(run.value(instance).url)
    await client.query(`begin; insert into users (email) values ('left'); prepare transaction 'it''s ${scene.mark}'`)
    expect((await run.afterTest(instance)).left).toEqual([
      expect.stringMatching(/left open: prepared: PREPARE TRANSACTION/),
    ])
    expect(await run.afterTest(instance)).toEqual({ left: [], kept: [] })
  })

  test('a transaction that ends by itself at once is no failure', async () => {
    const run = await scene.open()
    const instance = await run.create(1)
    const client = await scene.connect(run.value(instance).url)
    await client.query('begin')
    await client.query("insert into users (email) values ('soon')")
    const ending = delay(60).then(() => client.query('commit'))
    expect(await run.afterTest(instance)).toEqual({ left: [], kept: [] })
    await ending
    expect((await client.query('select 1 as alive')).rows).toEqual([{ alive: 1 }])
  })

  test('what tests do to heddle’s own session does not last', async () => {
    const run = await scene.open()
    const instance = await run.create(1)
    await run.rows(instance, "begin; set search_path = nowhere; insert into public.users (email) values ('x')")
    expect((await run.afterTest(instance)).left).toEqual([expect.stringContaining('left open through query()')])
    await run.rows(instance, 'begin')
    await run.rows(instance, 'select 1 / 0').catch(() => {})
    expect((await run.afterTest(instance)).left).toEqual([expect.stringContaining('left open through query()')])
    await run.rows(
      instance,
      'set search_path = nowhere; create temp table scratch (id int); select pg_advisory_lock(1)',
    )
    expect(await run.afterTest(instance)).toEqual({ left: [], kept: [] })
    expect(
      await run.rows(instance, "select to_regclass('scratch') as scratch, to_regclass('users')::text as users"),
    ).toEqual([{ scratch: null, users: 'users' }])
    expect(
      await run.rows(
        instance,
        "select count(*)::int as n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
      ),
    ).toEqual([{ n: 0 }])
  })

  test('clones are for one test each, and go with it', async () => {
    const run = await scene.open()
    const clones = await Promise.all([run.create(1, 'test'), run.create(1, 'test'), run.create(2, 'test')])
    const names = clones.map((clone) => run.value(clone).name)
    expect(new Set(names).size).toBe(3)
    await scene.connect(run.value(clones[0]).url)
    await Promise.all(clones.map((clone) => run.destroy(clone)))
    const left = (await scene.databases()).map(({ name }) => name)
    expect(left.filter((name) => names.includes(name))).toEqual([])
  })

  test('the database that the URL names is not written to', async () => {
    const name = `heddle_contract_${scene.mark}`
    await scene.asAdmin((client) => client.query(`create database ${name}`))
    try {
      const url = new URL(scene.url)
      url.pathname = name
      const run = await scene.open({ url: url.href })
      await run.reset(await run.create(1))
      await run.stop()
      const client = await scene.connect(url.href)
      const { rows } = await client.query(
        "select count(*)::int as n from pg_class where relnamespace::regnamespace::text !~ '^(pg_|information_schema)'",
      )
      expect(rows).toEqual([{ n: 0 }])
      await client.end()
    } finally {
      await scene.asAdmin((client) => client.query(`drop database ${name} with (force)`))
    }
  })
})

describe.skipIf(missingServer !== undefined)('the copy of what a failed test left', () => {
  test('has its rows and sequences, while the connections of the code under test go on', async () => {
    const migrations = {
      '1.sql': `${USERS}
        create table orders (id serial primary key, owner bigint not null references users, next int references orders,
          total int, gross int generated always as (total * 2) stored, tags text[], raw jsonb);
        create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
        create trigger refuse before delete on orders for each row execute function refuse();`,
    }
    const own = new PostgresScene({ migrations })
    const run = await own.open({ keepFailed: true })
    const instance = await run.create(1)
    const client = await own.connect(run.value(instance).url)
    await client.query(`insert into users (email) values ('a"b,(c'), ('');
      insert into orders (owner, next, total, tags, raw) values (1, 2, 3, '{"a b",null}', '{"x": [1, null]}'), (2, 1, null, null, null);
      update plans set name = 'changed' where id = 1`)
    const { kept } = await run.afterTest(instance, 'orders.test.ts > fails', true)
    expect(kept).toEqual([expect.stringMatching(/hdl_\w+_kept_1$/)])
    const copy = await own.connect(kept?.[0])
    for (const table of ['users', 'orders', 'plans', 'users_id_seq', 'orders_id_seq']) {
      const sql = `select t::text from ${table} t order by 1`
      const columns = table.endsWith('_seq') ? sql.replace('t::text', 'last_value, is_called') : sql
      expect((await copy.query(columns)).rows).toEqual((await client.query(columns)).rows)
    }
    await expect(copy.query('insert into orders (owner) values (99)')).rejects.toThrow('foreign key')
    await expect(copy.query('delete from orders')).rejects.toThrow('no')
    await copy.end()
    const marked = (await own.databases()).find(({ parts }) => parts.kind === 'kept')
    expect(marked?.marker?.test).toBe('orders.test.ts > fails')
  })

  test('is not even begun where a test has touched nothing', async () => {
    const run = await scene.open()
    const instance = await run.create(1)
    const client = await scene.connect(run.value(instance).url)
    expect(await isUntouched(client)).toBe(true)
    await client.query("insert into users (email) values ('x')")
    expect(await isUntouched(client)).toBe(false)
    await client.query('drop table users')
    expect(await isUntouched(client)).toBe(false)
    await run.reset(instance)
  })

  test('is made of failed tests only, only where they changed something, and of five a run', async () => {
    const run = await scene.open({ keepFailed: true })
    const instance = await run.create(1)
    expect((await run.afterTest(instance, 'a test', true)).kept).toEqual([])
    await run.rows(instance, "insert into users (email) values ('x')")
    expect((await run.afterTest(instance, 'a test', false)).kept).toEqual([])
    const counts: (number | undefined)[] = []
    for (let i = 0; i < 6; i += 1) counts.push((await run.afterTest(instance, 'a test', true)).kept?.length)
    expect(counts).toEqual([1, 1, 1, 1, 1, 0])
    expect((await scene.databases()).filter(({ parts }) => parts.kind === 'kept')).toHaveLength(5)
  })
})
