import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { missingServer, PostgresScene, start, type PostgresScene as Scene } from './postgres-scene.js'

/** A database in which nobody may make another, and its URL. */
async function ownDatabase(scene: Scene): Promise<string> {
  const name = `heddle_schema_${randomBytes(4).toString('hex')}`
  await scene.asAdmin((client) => client.query(`create role ${name} login password 'pass'`))
  await scene.asAdmin((client) => client.query(`create database ${name} owner ${name}`))
  scene.onRemoved(() => scene.asAdmin((client) => client.query(`drop role ${name}`)))
  scene.onRemoving(() => scene.asAdmin((client) => client.query(`drop database ${name} with (force)`)))
  const url = new URL(scene.url)
  url.pathname = name
  url.username = name
  url.password = 'pass'
  return url.href
}

const SCHEMAS = "select nspname as name from pg_namespace where nspname like 'hdl%' order by 1"

describe.skipIf(missingServer !== undefined)(`schemas where no database can be made${missingServer ?? ''}`, () => {
  test('every worker has one, found by names without a schema, clean again after a reset, and removed', async () => {
    const scene = new PostgresScene()
    const run = await scene.open({ url: await ownDatabase(scene), isolation: 'schema' })
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
    const url = await ownDatabase(scene)
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
    await (await scene.open({ url, isolation: 'schema' })).end()
    expect((await client.query(SCHEMAS)).rows).toEqual([{ name: 'hdl_abcdef_w1' }])
  })
})
