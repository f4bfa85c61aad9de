import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import type { PostgresTarget } from '@heddle/db/postgres'
import { PREFIX_SPACE } from '../src/postgres/prefix-space.js'
import { closedDatabase } from './closed-database.js'
import { missingServer, PostgresScene, start } from './postgres-scene.js'

const NAMES = "select relname as name from pg_class where relname like 'hdl%' order by 1"

/** All kinds of things, which depend on each other to and fro. */
const tables = (p: string): string => `
  create type ${p}state as enum ('new', 'old');
  create domain ${p}amount as int check (value > 0);
  create table ${p}users (id serial primary key, email text not null, friend int, state ${p}state default 'new');
  create table ${p}orders (id int generated always as identity primary key, "user" int references ${p}users, n ${p}amount);
  alter table ${p}users add foreign key (friend) references ${p}orders (id);
  create table ${p}log (at int) partition by range (at);
  create table ${p}log_1 partition of ${p}log for values from (0) to (10);
  create view ${p}emails as select email from ${p}users;
  create materialized view ${p}counts as select count(*) as n from ${p}emails;
  create view ${p}total as select n from ${p}counts;
  create function ${p}first_user() returns setof ${p}users language sql as 'select * from ${p}users limit 1';
  create procedure ${p}nothing(a int, b text) language sql as '';
  create sequence ${p}tickets;
  create type ${p}pair as (a int, b int);`

async function migrate({ url, tablePrefix }: PostgresTarget, sql = tables): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql(tablePrefix))
  } finally {
    await client.end()
  }
}

describe.skipIf(missingServer !== undefined)(`tables that begin alike${missingServer ?? ''}`, () => {
  const migrations = { files: '*.sql', run: migrate }

  test('every worker has its own, is told the prefix, finds them clean after a reset, and nothing is left', async () => {
    const scene = new PostgresScene()
    const url = await closedDatabase(scene)
    const run = await scene.open({
      url,
      isolation: 'prefix',
      migrations,
      seed: ({ client, tablePrefix }) => client.query(`insert into ${tablePrefix}users (email) values ('seed')`),
    })
    const [one, two] = await Promise.all([run.create(1), run.create(2)])
    const [a, b] = [run.value(one), run.value(two)]
    expect(a).toEqual({ url, slot: 1, name: expect.any(String) as string, tablePrefix: `${a.name}_` })
    expect(a.tablePrefix).toMatch(/^hdl_[0-9a-z]{6}_w1_$/)
    expect(run.env(two)).toEqual({ DATABASE_URL: url, TABLE_PREFIX: b.tablePrefix })
    const client = await scene.connect(url)
    await client.query(`insert into ${a.tablePrefix}users (email) values ('x'); create table ${a.tablePrefix}more ();
      create table bystander (id int); insert into bystander values (1)`)
    expect(await run.rows(two, `select id, email from ${b.tablePrefix}users`)).toEqual([{ id: 1, email: 'seed' }])
    expect(await run.afterTest(one)).toEqual({ left: [], kept: [] })
    await run.reset(one)
    expect((await client.query(`select id, email from ${a.tablePrefix}users`)).rows).toEqual([{ id: 1, email: 'seed' }])
    expect((await client.query(`select to_regclass('${a.tablePrefix}more') as more`)).rows).toEqual([{ more: null }])
    const status = await scene.admin({ url, isolation: 'prefix', migrations }).status()
    expect(status.filter(({ url: at }) => at === url)).toMatchObject([
      { name: a.name, state: 'in use', slot: 1 },
      { name: b.name, state: 'in use', slot: 2 },
    ])
    await run.destroy(one)
    expect((await client.query(`select email from ${b.tablePrefix}users`)).rows).toEqual([{ email: 'seed' }])
    await run.destroy(two)
    expect((await client.query(NAMES)).rows).toEqual([])
    const others =
      "select typname from pg_type where typname like 'hdl%' union select proname from pg_proc where proname like 'hdl%'"
    expect((await client.query(others)).rows).toEqual([])
    expect((await client.query('select * from bystander')).rows).toEqual([{ id: 1 }])
  })

  test('a command finds the prefix in a variable', async () => {
    const scene = new PostgresScene()
    const url = await closedDatabase(scene)
    const script = `const { Client } = require(${JSON.stringify(require.resolve('pg'))})
      const client = new Client({ connectionString: process.env.DATABASE_URL })
      client.connect().then(() => client.query('create table ' + process.env.PREFIX + 'users ()')).then(() => client.end())`
    writeFileSync(join(scene.root, 'migrate.cjs'), script)
    const command = `"${process.execPath}" migrate.cjs`
    const options = { url, isolation: 'prefix', prefixEnv: 'PREFIX', migrations: { files: '*.sql', command } } as const
    const run = await scene.open(options)
    const one = await run.create(1)
    expect(await run.rows(one, `select * from ${run.env(one)['PREFIX'] ?? ''}users`)).toEqual([])
  })

  test('migrations that do not use the prefix are told', async () => {
    const scene = new PostgresScene()
    const url = await closedDatabase(scene)
    const run = await scene.open({
      url,
      isolation: 'prefix',
      migrations: { files: '*.sql', run: (target) => migrate(target, () => 'create table if not exists users ()') },
    })
    await expect(run.create(1)).rejects.toThrow(/^HEDDLE_MIGRATION_FAILED: .*nothing whose name begins with "hdl_/)
  })

  test('what somebody else has built on a table is not removed with it', async () => {
    const scene = new PostgresScene()
    const url = await closedDatabase(scene)
    const run = await scene.open({ url, isolation: 'prefix', migrations })
    const one = await run.create(1)
    const client = await scene.connect(url)
    await client.query(`create view report as select email from ${run.value(one).tablePrefix}users`)
    await expect(run.reset(one)).rejects.toThrow(/cannot be removed: view report depends on/)
    expect((await client.query('select * from report')).rows).toEqual([])
    await client.query('drop view report')
    await run.reset(one)
  })

  test('nothing is removed under a name that is not marked', async () => {
    const scene = new PostgresScene()
    const client = await scene.connect(await closedDatabase(scene))
    for (const table of ['users', 'heddle']) {
      await client.query(`create table hdl_abcdef_w1_${table} ()`)
      const refusal = /"hdl_abcdef_w1_" are there, which heddle has not made/
      await expect(PREFIX_SPACE.remove(client, 'hdl_abcdef_w1')).rejects.toThrow(refusal)
      await expect(PREFIX_SPACE.make(client, 'hdl_abcdef_w1', '')).rejects.toThrow(refusal)
    }
    expect((await client.query(NAMES)).rows).toHaveLength(2)
  })

  test('what a killed run left goes with the next, and look-alikes stay', async () => {
    const scene = new PostgresScene()
    const url = await closedDatabase(scene)
    const code = `const { Client } = require('pg')
      const run = async ({ url, tablePrefix }) => {
        const client = new Client({ connectionString: url })
        await client.connect()
        await client.query('create table ' + tablePrefix + 'users (id serial)')
        await client.end()
      }
      const options = { ...input.options, migrations: { files: '*.sql', run } }
      const one = await openRun(options, { root: input.root })
      await one.create(1)
      console.log('there')
      setInterval(() => {}, 1000)`
    const child = start(code, { options: { url, isolation: 'prefix' }, root: scene.root })
    if (child.stdout !== null) await once(child.stdout, 'data')
    const client = await scene.connect(url)
    const { rows: left } = await client.query<{ name: string }>(NAMES)
    expect(left.map(({ name }) => name.replace(/^hdl_\w{6}_w1_/, ''))).toEqual(['heddle', 'users', 'users_id_seq'])
    // Of another key, with a mark that is not one; and of the same key, but another worker's.
    const key = /^hdl_(\w{6})_/.exec(left[0]?.name ?? '')?.[1] ?? ''
    const lookAlikes = ['hdl_abcdef_w1_heddle', 'hdl_abcdef_w1_users', `hdl_${key}_w10_users`, `hdl_${key}xw1_users`]
    for (const name of lookAlikes) await client.query(`create table ${name} ()`)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const admin = scene.admin({ url, isolation: 'prefix', migrations })
    expect(await admin.clean({ isDryRun: true })).toContain(`hdl_${key}_w1`)
    await (await scene.open({ url, isolation: 'prefix', migrations })).end()
    expect((await client.query(NAMES)).rows).toEqual(lookAlikes.sort().map((name) => ({ name })))
  })
})
