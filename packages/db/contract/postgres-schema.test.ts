import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { closedDatabase } from './closed-database.js'
import { missingServer, PostgresScene, start } from './postgres-scene.js'

const SCHEMAS = "select nspname as name from pg_namespace where nspname like 'hdl%' order by 1"

describe.skipIf(missingServer !== undefined)(`schemas where no database can be made${missingServer ?? ''}`, () => {
  test('every worker has one, found by names without a schema, clean again after a reset, and removed', async () => {
    const scene = new PostgresScene()
    const run = await scene.open({ url: await closedDatabase(scene), isolation: 'schema' })
    const [one, two] = await Promise.all([run.create(1), run.create(2)])
    const client = await scene.connect(run.value(one).url)
    await client.query("insert into users (email) values ('x'); create table extra (id int); delete from plans")
    expect(await run.rows(two, 'select * from users')).toEqual([])
    expect(await run.afterTest(one)).toEqual({ left: [], kept: [] })
    await run.reset(one)
    expect((await client.query('select * from users')).rows).toEqual([])
    expect((await client.query('select id from plans order by 1')).rows).toEqual([{ id: 1 }, { id: 2 }])
    expect((await client.query("select to_regclass('extra') as extra")).rows).toEqual([{ extra: null }])
    await run.destroy(one)
    await run.destroy(two)
    expect((await client.query(SCHEMAS)).rows).toEqual([])
  })

  test('what a killed run left goes with the next, and look-alikes stay', async () => {
    const scene = new PostgresScene()
    const url = await closedDatabase(scene)
    const options = scene.options({ url, isolation: 'schema' })
    const code = `const run = await openRun(input.options, { root: input.root })
      await run.create(1)
      console.log('there')
      setInterval(() => {}, 1000)`
    const child = start(code, { options, root: scene.root })
    if (child.stdout !== null) await once(child.stdout, 'data')
    const client = await scene.connect(url)
    expect((await client.query(SCHEMAS)).rows).toHaveLength(1)
    await client.query('create schema hdl_abcdef_w1')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const admin = scene.admin({ url, isolation: 'schema' })
    const left = { kind: 'worker', state: 'dead', slot: 1 }
    expect((await admin.status()).filter(({ kind }) => kind === 'worker')).toMatchObject([left])
    expect(await admin.clean({ isDryRun: true })).toEqual([expect.stringMatching(/^hdl_\w{6}_w1$/)])
    await (await scene.open({ url, isolation: 'schema' })).end()
    expect((await client.query(SCHEMAS)).rows).toEqual([{ name: 'hdl_abcdef_w1' }])
  })
})
