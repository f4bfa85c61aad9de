import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResourceRow } from '@heddle/core'
import type { Connection } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectTo, MYSQL_URL } from '../fixtures/mysql-server.js'
import { contextIn, requestIn } from '../fixtures/run-context.js'
import { isServerMissing } from '../fixtures/server-there.js'
import { temporaryDir } from '../fixtures/surroundings.js'
import { mysqlAdmin } from '../src/mysql/mysql-admin.js'
import { createMysql, startMysql, stopMysql } from '../src/mysql/mysql-engine.js'
import { killMany, startCycle } from './cycle.js'

const MIGRATIONS = {
  files: 'migrations/*.sql',
  command: `"${process.execPath}" migrate.cjs`,
}
const MIGRATE = `
require('node:fs').appendFileSync('migrated', 'x')
const mysql = require(${JSON.stringify(require.resolve('mysql2'))})
const connection = mysql.createConnection({ uri: process.env.DATABASE_URL, multipleStatements: true })
connection.query(require('node:fs').readFileSync('migrations/1.sql', 'utf8'), (error) => {
  if (error) throw error
  connection.end()
})`
const TABLES =
  'CREATE TABLE item (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20)); INSERT INTO item VALUES (1, "a");'

describe.skipIf(isServerMissing(MYSQL_URL))('runs on MySQL or MariaDB', () => {
  const admin = mysqlAdmin({ url: MYSQL_URL })
  let dir = ''
  let remove: () => void
  let root: Connection

  beforeAll(async () => {
    root = await connectTo(MYSQL_URL)
  })

  afterAll(() => root.end())

  beforeEach(() => {
    ;({ dir, remove } = temporaryDir())
    mkdirSync(join(dir, 'migrations'))
    // Content of its own: a template of its own.
    writeFileSync(join(dir, 'migrations/1.sql'), `${TABLES} -- ${dir}`)
    writeFileSync(join(dir, 'migrate.cjs'), MIGRATE)
  })

  afterEach(async () => {
    await admin.clean(contextIn(dir), { isAll: true, isDryRun: false })
    remove()
  })

  async function databases(): Promise<string[]> {
    const [rows] = await root.query("SHOW DATABASES LIKE 'hdl\\_%'")
    return (rows as Record<string, string>[]).flatMap((row) => Object.values(row)).sort()
  }

  test('8 at once migrate once', async () => {
    const cycle = { entry: 'mysql', call: 'mysql', options: { url: MYSQL_URL, migrations: MIGRATIONS }, dir, cycles: 1 }
    const runs = Array.from({ length: 8 }, () => startCycle(cycle))
    for (const { end, errors } of runs) expect(await end, errors()).toBe(0)
    expect(readFileSync(join(dir, 'migrated'), 'utf8')).toBe('x')
    expect(runs.every(({ lines }) => lines().at(-1) === 'done')).toBe(true)
  })

  test('50 that are killed at any moment leave nothing, and what looks alike stays', { timeout: 180_000 }, async () => {
    const lookAlikes = ['hdl_abcdef_w1', 'hdl_tpl_0123456789', 'hdl_users_own']
    for (const name of lookAlikes) await root.query(`CREATE DATABASE IF NOT EXISTS ${name}`)
    try {
      const options = { url: MYSQL_URL, migrations: 'migrations/*.sql' }
      const cycle = { entry: 'mysql', call: 'mysql', options, dir, cycles: 2 }
      expect(await killMany(cycle, { count: 50 })).toBeGreaterThan(20)
      const last = startCycle(cycle)
      expect(await last.end, last.errors()).toBe(0)
      const left = (await admin.status(contextIn(dir))).filter(({ kind }) => kind !== 'template')
      expect(left).toEqual([])
      const known = new Set((await admin.status(contextIn(dir))).map(({ name }) => name))
      expect((await databases()).filter((name) => !known.has(name))).toEqual([...lookAlikes, 'hdl_registry'].sort())
    } finally {
      for (const name of lookAlikes) await root.query(`DROP DATABASE ${name}`)
    }
  })

  test('changed migrations make another template, a failed one none', async () => {
    const options = { url: MYSQL_URL, migrations: 'migrations/*.sql' }
    const first = await startMysql(options, contextIn(dir))
    await stopMysql(first)
    writeFileSync(join(dir, 'migrations/2.sql'), 'CREATE TABLE more (id INT);\nCREATE TABEL typo (id INT);')
    const before = await databases()
    await expect(startMysql(options, contextIn(dir))).rejects.toThrow(
      /^HEDDLE_MIGRATION_FAILED: Cannot run migration "migrations\/2.sql": .*TABEL/,
    )
    expect(await databases()).toEqual(before)
    writeFileSync(join(dir, 'migrations/2.sql'), 'CREATE TABLE more (id INT);')
    const second = await startMysql(options, contextIn(dir))
    await stopMysql(second)
    expect(second.shape.database).not.toBe(first.shape.database)
    expect(second.shape.tables.map(({ name }) => name)).toEqual(['item', 'more'])
  })

  test('a template that was left half-made is made anew', async () => {
    const options = { url: MYSQL_URL, migrations: { ...MIGRATIONS, command: `${MIGRATIONS.command} && sleep 60` } }
    const cycle = { entry: 'mysql', call: 'mysql', options, dir, cycles: 1 }
    const killed = startCycle(cycle)
    await expect.poll(() => tablesOf('item'), { timeout: 20_000 }).toBeGreaterThan(0)
    killed.child.kill('SIGKILL')
    await killed.end
    const half = (await admin.status(contextIn(dir))).filter(({ kind }) => kind === 'template')
    expect(half.length).toBeGreaterThan(0)
    const again = { url: MYSQL_URL, migrations: 'migrations/*.sql' }
    const run = await startMysql(again, contextIn(dir))
    await stopMysql(run)
    expect(run.shape.tables.map(({ name }) => name)).toEqual(['item'])
  })

  test('what another project keeps is not removed with --all, what is dead is', async () => {
    const other = contextIn(dir, { root: join(dir, 'other') })
    const run = await startMysql({ url: MYSQL_URL, migrations: 'migrations/*.sql' }, contextIn(dir))
    await stopMysql(run)
    const { database } = run.shape
    const seen = (await admin.status(other)).find(({ name }) => name === database)
    expect(seen).toMatchObject({ state: 'free', isOthers: true })
    for (const isDryRun of [true, false]) {
      expect(await admin.clean(other, { isAll: true, isDryRun })).not.toContain(database)
    }
    const own = (await admin.status(contextIn(dir))).find(({ name }) => name === database)
    expect([own?.state, own?.isOthers]).toEqual(['free', undefined])
    expect(await admin.clean(contextIn(dir), { isAll: true, isDryRun: true })).toContain(database)
    expect(await admin.clean(contextIn(dir), { isAll: true, isDryRun: false })).toContain(database)
    expect(await databases()).not.toContain(database)
  })

  test('a template that was left half-made is dead, whoever looks', async () => {
    const options = { url: MYSQL_URL, migrations: { ...MIGRATIONS, command: `${MIGRATIONS.command} && sleep 30` } }
    const killed = startCycle({ entry: 'mysql', call: 'mysql', options, dir, cycles: 1 })
    await expect.poll(halfMade, { timeout: 20_000 }).toMatchObject({ state: 'in use' })
    const { name = '' } = (await halfMade()) ?? {}
    const other = contextIn(dir, { root: join(dir, 'other') })
    expect(await admin.clean(other, { isAll: true, isDryRun: false })).not.toContain(name)
    killed.child.kill('SIGKILL')
    await killed.end
    await expect.poll(halfMade).toMatchObject({ state: 'dead' })
    expect(await admin.clean(other, { isAll: false, isDryRun: false })).toContain(name)
    expect(await databases()).not.toContain(name)

    async function halfMade(): Promise<ResourceRow | undefined> {
      return (await admin.status(contextIn(dir))).find(({ kind, isOthers }) => kind === 'template' && !isOthers)
    }
  })

  test('a table that keeps its history is refused, unless every test has a database of its own', async () => {
    const [[row]] = (await root.query('SELECT VERSION() AS version')) as unknown as [{ version: string }[]]
    if (row?.version.includes('Maria') !== true) return
    writeFileSync(join(dir, 'migrations/2.sql'), 'CREATE TABLE past (id INT) WITH SYSTEM VERSIONING')
    const options = { url: MYSQL_URL, migrations: 'migrations/*.sql' }
    await expect(startMysql(options, contextIn(dir))).rejects.toThrow(
      /^HEDDLE_RESOURCE_INVALID: Cannot reset resource "main" in place: "past" keep a history.*\nFix: perTest: 'clone'/,
    )
    const run = await startMysql({ ...options, perTest: 'clone' }, contextIn(dir))
    await stopMysql(run)
  })

  test('a database goes although its test has left a transaction open', { timeout: 20_000 }, async () => {
    const context = contextIn(dir)
    const run = await startMysql({ url: MYSQL_URL, migrations: 'migrations/*.sql', perTest: 'clone' }, context)
    const database = await createMysql(run, requestIn(context, 1, { lifetime: 'test' }))
    const client = await connectTo(database.url)
    client.on('error', () => undefined)
    await client.query('BEGIN')
    await client.query("INSERT INTO item (name) VALUES ('b')")
    await database.drop()
    expect(await databases()).not.toContain(database.name)
    await stopMysql(run)
    client.destroy()
  })

  test('a user without rights is told what to grant', async () => {
    await root.query("CREATE OR REPLACE USER hdl_nobody@'%'; CREATE OR REPLACE USER hdl_nobody@localhost")
    try {
      const url = MYSQL_URL.replace(/\/\/.*@/, '//hdl_nobody@').replace(/\/mysql$/, '/')
      await expect(startMysql({ url }, contextIn(dir))).rejects.toThrow(
        /^HEDDLE_RESOURCE_FAILED: .*the user "hdl_nobody" may not create databases.*\nFix: GRANT ALL ON `hdl\\_%`\.\*/,
      )
    } finally {
      await root.query("DROP USER hdl_nobody@'%', hdl_nobody@localhost")
    }
  })

  test('a server that is not there is told', async () => {
    const url = 'mysql://root@127.0.0.1:1/mysql'
    await expect(startMysql({ url }, contextIn(dir))).rejects.toThrow(
      /^HEDDLE_RESOURCE_FAILED: Cannot use mysql:\/\/root@127.0.0.1:1\/mysql: no server answers there \(ECONNREFUSED\)\nFix: start it/,
    )
  })

  async function tablesOf(table: string): Promise<number> {
    const [rows] = await root.query(
      "SELECT COUNT(*) AS n FROM information_schema.TABLES WHERE TABLE_NAME = ? AND TABLE_SCHEMA LIKE 'hdl\\_tpl\\_%'",
      [table],
    )
    return Number((rows as { n: number }[])[0]?.n)
  }
})
