import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { missingServer, outputOf, PostgresScene, start, USERS } from './postgres-scene.js'

/** Starts a run, and prints the rows of a table in the database of its first worker. */
const COUNT = `
  const run = await openRun(input.options, { root: input.root })
  const instance = await run.create(1)
  console.log(JSON.stringify(await run.rows(instance, input.sql)))
  await run.destroy(instance)
  await run.stop()`

const templatesOf = async (scene: PostgresScene): Promise<string[]> => {
  const databases = await scene.databases()
  return databases.filter(({ parts }) => parts.kind === 'template').map(({ name }) => name)
}

describe.skipIf(missingServer !== undefined)(`the template${missingServer ?? ''}`, () => {
  test('is made once, however many processes want it at once', async () => {
    // It takes so long that all of them come while one is at it.
    const scene = new PostgresScene({
      migrations: {
        '1.sql': `${USERS} select pg_sleep(1); create table made (at timestamptz default clock_timestamp()); insert into made default values;`,
      },
    })
    const sql = 'select at::text from made'
    const input = { options: scene.options(), root: scene.root, sql }
    const outputs = await Promise.all(Array.from({ length: 8 }, () => outputOf(start(COUNT, input))))
    expect(new Set(outputs).size).toBe(1)
    expect(JSON.parse(outputs[0] ?? '')).toHaveLength(1)
    expect(await templatesOf(scene)).toHaveLength(1)
  })

  test('is another one after a migration has changed, and is found again when it is changed back', async () => {
    const scene = new PostgresScene()
    await (await scene.open()).end()
    const [first] = await templatesOf(scene)
    scene.write('2.sql', 'alter table users add column age int')
    const run = await scene.open()
    expect(await run.rows(await run.create(1), 'select age from users')).toEqual([])
    await run.end()
    expect(await templatesOf(scene)).toHaveLength(2)
    scene.write('2.sql', '')
    scene.write('2.sql', 'alter table users add column age int')
    await (await scene.open()).end()
    const templates = await templatesOf(scene)
    expect(templates).toHaveLength(2)
    expect(templates).toContain(first)
  })

  test('keeps out whoever wants to connect to it', async () => {
    const scene = new PostgresScene()
    await scene.open()
    const [name = ''] = await templatesOf(scene)
    const url = new URL(scene.url)
    url.pathname = name
    await expect(scene.connect(url.href)).rejects.toThrow('not currently accepting connections')
  })

  test('that was left half-made is made anew', async () => {
    const scene = new PostgresScene({ migrations: { '1.sql': `${USERS} select pg_sleep(2);` } })
    const killed = start(COUNT, { options: scene.options(), root: scene.root, sql: 'select 1' })
    let half = await scene.databases()
    while (half.length === 0) {
      await delay(50)
      half = await scene.databases()
    }
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    expect(half.map(({ isFinished }) => isFinished)).toEqual([false])
    const run = await scene.open()
    expect(await run.rows(await run.create(1), 'select name from plans where id = 1')).toEqual([{ name: 'free' }])
    expect(await templatesOf(scene)).toEqual(half.map(({ name }) => name))
  })

  test('is not made of migrations that fail: the error tells file, line and statement, and nothing is left', async () => {
    const scene = new PostgresScene()
    scene.write(
      '2_orders.sql',
      'create table orders (id int);\n\n-- ok\ninsert into orders\n  select nothing from nowhere;\nselect 1;',
    )
    await expect(scene.open()).rejects.toThrow(
      /^HEDDLE_MIGRATION_FAILED: Cannot run migration "2_orders.sql": line 5, in "insert into orders select nothing from nowhere": relation "nowhere" does not exist\nFix: /,
    )
    expect(await scene.databases()).toEqual([])
    scene.write('2_orders.sql', 'create table orders (id int);')
    await expect(scene.open()).resolves.toBeDefined()
  })

  test('takes migrations that cannot run in a transaction', async () => {
    const scene = new PostgresScene()
    scene.write(
      '2.sql',
      "create index concurrently by_email on users (email); -- fine;\nvacuum users; comment on table users is 'a;b'",
    )
    const run = await scene.open()
    expect(
      await run.rows(
        await run.create(1),
        "select indisvalid, obj_description('users'::regclass) as comment from pg_index where indexrelid = 'by_email'::regclass",
      ),
    ).toEqual([{ indisvalid: true, comment: 'a;b' }])
    await run.end()
    scene.write('3.sql', 'vacuum;\ncreate index concurrently on nowhere (x)')
    await expect(scene.open()).rejects.toThrow(/"3.sql": line 2, in "create index concurrently on nowhere \(x\)"/)
  })

  test('takes a function, which may leave its connections open, and a seed', async () => {
    const scene = new PostgresScene()
    const run = await scene.open({
      migrations: {
        files: '*.sql',
        run: async ({ url }: { readonly url: string }) => {
          await (await scene.connect(url)).query(`create table things (id serial primary key, name text)`)
        },
      },
      seed: async ({ client }) => {
        await client.query('insert into things (name) values ($1)', ['seeded'])
      },
    })
    const instance = await run.create(1)
    await run.rows(instance, "update things set name = 'x'; insert into things (name) values ('y')")
    await run.reset(instance)
    expect(await run.rows(instance, 'select * from things')).toEqual([{ id: 1, name: 'seeded' }])
  })

  test('takes a command, which finds the database in its variables', async () => {
    const scene = new PostgresScene()
    const script = `const { Client } = require(${JSON.stringify(require.resolve('pg'))})
      const client = new Client({ connectionString: process.env.MY_URL })
      client.connect().then(() => client.query('create table made_by_command (id int)')).then(() => process.exit(0))`
    writeFileSync(join(scene.root, 'migrate.cjs'), script)
    const run = await scene.open({
      env: 'MY_URL',
      migrations: { files: '*.sql', command: `"${process.execPath}" migrate.cjs` },
    })
    expect(await run.rows(await run.create(1), 'select * from made_by_command')).toEqual([])
    await run.end()
    await expect(
      scene.open({ migrations: { files: '*.sql', command: 'echo no such thing >&2; exit 7' } }),
    ).rejects.toThrow(
      /Cannot run "echo no such thing >&2; exit 7": exit code 7, its output ends with\n {2}no such thing/,
    )
  })

  test('is refused if migrations or seed leave a transaction open', async () => {
    const scene = new PostgresScene()
    await expect(
      scene.open({ seed: ({ client }) => client.query("begin; insert into plans values (3, 'x')") }),
    ).rejects.toThrow('migrations or seed left a transaction open')
    expect(await scene.databases()).toEqual([])
  })

  test('is made anew by the command line, and slots of the old one are not used any more', async () => {
    const scene = new PostgresScene()
    let name = 'first'
    const options = { seed: seedOf(() => name) }
    const run = await scene.open(options)
    await run.create(1)
    await run.end()
    name = 'second'
    expect(await scene.admin(options).rebuild()).toBe((await templatesOf(scene))[0])
    const again = await scene.open(options)
    expect(await again.rows(await again.create(1), 'select name from plans where id = 3')).toEqual([{ name: 'second' }])
  })

  test('is not removed by --all of another project', async () => {
    const [scene, other] = [new PostgresScene(), new PostgresScene()]
    const run = await scene.open()
    await run.create(1)
    await run.end()
    const kept = (await scene.databases()).map(({ name }) => name)
    expect(kept.length).toBeGreaterThan(0)
    const seen = (await other.admin().status()).filter(({ name }) => kept.includes(name))
    expect(seen.map(({ state, isOthers }) => ({ state, isOthers }))).toEqual(
      kept.map(() => ({ state: 'free', isOthers: true })),
    )
    for (const isDryRun of [true, false]) {
      const removed = await other.admin().clean({ isAll: true, isDryRun })
      expect(removed.filter((name) => kept.includes(name))).toEqual([])
    }
    expect((await scene.databases()).map(({ name }) => name)).toEqual(kept)
    expect(await scene.admin().clean({ isAll: true, isDryRun: true })).toEqual(expect.arrayContaining(kept))
    expect(await scene.admin().clean({ isAll: true })).toEqual(expect.arrayContaining(kept))
    expect(await scene.databases()).toEqual([])
  })

  test('is removed when newer ones of the same resource have come, but not before', async () => {
    const scene = new PostgresScene()
    const names: string[] = []
    for (let i = 0; i < 5; i += 1) {
      scene.write('2.sql', `create table t${i} (id int)`)
      await (await scene.open()).end()
      names.push(...(await templatesOf(scene)).filter((name) => !names.includes(name)))
    }
    expect(names).toHaveLength(5)
    expect((await templatesOf(scene)).toSorted()).toEqual(names.slice(-3).toSorted())
  })
})

/** The same text, whatever it inserts. */
function seedOf(name: () => string) {
  return ({ client }: { readonly client: { query(sql: string, values: unknown[]): Promise<unknown> } }) =>
    client.query('insert into plans values (3, $1)', [name()])
}
