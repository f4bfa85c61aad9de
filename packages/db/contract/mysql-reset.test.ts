import { mkdirSync, writeFileSync } from 'node:fs'
import type { Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MYSQL_SCHEMA, SEQUENCE_OF_MARIADB } from '../fixtures/mysql-schema.js'
import { connectTo, MYSQL_URL } from '../fixtures/mysql-server.js'
import { workload } from '../fixtures/mysql-workload.js'
import { contextIn, requestIn, type TestContext } from '../fixtures/run-context.js'
import { isServerMissing } from '../fixtures/server-there.js'
import { temporaryDir } from '../fixtures/surroundings.js'
import { createDatabase, type MysqlDatabase } from '../src/mysql/mysql-database.js'
import { lookAfterTest, resetMysql, startMysql, stopMysql, type MysqlRun } from '../src/mysql/mysql-engine.js'
import { readRegistry } from '../src/mysql/registry.js'
import { dropAll } from '../src/mysql/sweep.js'

const ROUNDS = Number(process.env['HEDDLE_RESET_ROUNDS'] ?? 150)

/** All that can be seen of a database, asked for in another way than the reset does. */
async function picture(connection: Connection, name: string): Promise<Record<string, unknown>> {
  const [tables] = (await connection.query(
    'SELECT TABLE_NAME AS name, TABLE_TYPE AS type, AUTO_INCREMENT AS next FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1',
    [name],
  )) as unknown as [{ name: string; type: string; next: unknown }[]]
  const seen: Record<string, unknown> = {}
  for (const { name: table, type, next } of tables) {
    const quoted = `\`${name}\`.\`${table.replaceAll('`', '``')}\``
    const [created] = await connection.query(`SHOW CREATE TABLE ${quoted}`)
    const [rows] = (await connection.query({ sql: `SELECT * FROM ${quoted}`, rowsAsArray: true })) as unknown as [
      unknown[],
    ]
    const sorted = type === 'VIEW' ? rows.length : rows.map((row) => JSON.stringify(row, bigints)).sort()
    seen[table] = { type, next, create: JSON.stringify(created).replaceAll(`\`${name}\`.`, ''), rows: sorted }
  }
  const [triggers] = await connection.query(`SHOW TRIGGERS FROM \`${name}\``)
  const [routines] = await connection.query(
    'SELECT ROUTINE_NAME, ROUTINE_DEFINITION, DTD_IDENTIFIER, SQL_MODE FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?',
    [name],
  )
  const withoutTimes = (triggers as { Created: unknown }[]).map((trigger) => ({ ...trigger, Created: undefined }))
  return { ...seen, triggers: withoutTimes, routines }
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

describe.skipIf(isServerMissing(MYSQL_URL))('a reset of MySQL or MariaDB', () => {
  const { dir, remove } = temporaryDir()
  const opened: Connection[] = []
  let context: TestContext
  let run: MysqlRun
  let database: MysqlDatabase
  let app: Connection
  let fresh: Record<string, unknown>

  const open = async (): Promise<Connection> => {
    const connection = await connectTo(database.url)
    connection.on('error', () => undefined)
    opened.push(connection)
    return connection
  }

  beforeAll(async () => {
    context = contextIn(dir)
    const seed = async ({ client }: { client: { query(sql: string): unknown } }): Promise<void> => {
      const { rows } = (await client.query('SELECT VERSION() AS version')) as { rows: { version: string }[] }
      if (rows[0]?.version.includes('Maria')) await client.query(SEQUENCE_OF_MARIADB)
    }
    mkdirSync(`${dir}/migrations`)
    writeFileSync(`${dir}/migrations/1.sql`, MYSQL_SCHEMA)
    run = await startMysql({ url: MYSQL_URL, migrations: 'migrations/*.sql', seed }, context)
    database = await createDatabase(run.server, run.shape, requestIn(context))
    app = await open()
    fresh = await picture(app, database.name)
  })

  afterAll(async () => {
    for (const connection of opened) await connection.end().catch(() => undefined)
    await database.drop()
    const { admin } = run.server
    await dropAll(
      admin,
      (await readRegistry(admin)).filter(({ name }) => name === run.shape.database),
    )
    await stopMysql(run)
    remove()
  })

  test('a copy is as the template, but for its name', async () => {
    expect(await picture(app, run.shape.database)).toEqual(fresh)
  })

  test(`nothing is left of ${ROUNDS} random workloads`, { timeout: 600_000 }, async () => {
    let cleaned = 0
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const statements = workload(seed)
      for (const statement of statements) await app.query(statement).catch(() => app.query('ROLLBACK'))
      const report = await resetMysql(database)
      cleaned += (report.cleaned ?? []).length
      expect(await picture(app, database.name), `seed ${seed}: ${statements.join(';\n')}`).toEqual(fresh)
    }
    expect(cleaned).toBeGreaterThan(ROUNDS)
  })

  test('what was cleaned is told, and nothing if there was nothing', async () => {
    await app.query("INSERT INTO customer (name) VALUES ('x')")
    expect((await resetMysql(database)).cleaned).toEqual(['audit', 'counter', 'customer'])
    expect(await resetMysql(database)).toEqual({ cleaned: [], notice: undefined })
  })

  test('a transaction that was left open is told, with what it did, and does not block the reset', async () => {
    const other = await open()
    await other.query('START TRANSACTION')
    await other.query("INSERT INTO customer (name) VALUES ('open')")
    const { left = [] } = await lookAfterTest(database)
    expect(left).toEqual([
      expect.stringMatching(/^a transaction is open in hdl_\w+: connection \d+, idle, \d rows changed$/),
    ])
    expect((await resetMysql(database)).notice).toMatch(/ended connections that held locks: \d+/)
    expect(await picture(app, database.name)).toEqual(fresh)
  })

  test('a transaction that ends by itself within a moment is not left open', async () => {
    const other = await open()
    await other.query('START TRANSACTION')
    await other.query("INSERT INTO log VALUES (NOW(), 'soon over')")
    const over = new Promise((resolve) => setTimeout(() => resolve(other.query('COMMIT')), 60))
    expect(await lookAfterTest(database)).toEqual({ left: [] })
    await over
    await resetMysql(database)
  })

  test('tables that were left locked do not stop the reset', async () => {
    const other = await open()
    await app.query("INSERT INTO log VALUES (NOW(), 'x')")
    await other.query('LOCK TABLES log READ')
    expect((await resetMysql(database)).notice).toMatch(/ended connections that held locks/)
    app = await open()
    expect(await picture(app, database.name)).toEqual(fresh)
  })

  test('a changed schema is noticed within the second in which the copy was made', async () => {
    await database.recreate()
    await app.query('ALTER TABLE log ADD COLUMN more INT')
    expect((await resetMysql(database)).notice).toMatch(/a test has changed tables, views or routines/)
    expect(await picture(app, database.name)).toEqual(fresh)
  })

  test('when the server has ended every connection, the next reset connects again, and the run is still known to live', async () => {
    await app.query("INSERT INTO log VALUES (NOW(), 'x')")
    const root = await connectTo(MYSQL_URL)
    opened.push(root)
    const [sessions] = await root.query('SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = ?', [
      database.name,
    ])
    const ids = [run.server.admin.threadId, ...(sessions as { id: number }[]).map(({ id }) => id)]
    for (const id of ids) await root.query(`KILL ${id}`)
    await expect.poll(() => lookAfterTest(database)).toEqual({ left: [] })
    expect((await resetMysql(database)).cleaned).toEqual(['log'])
    await run.server.admin.rows('SELECT 1')
    const [row] = (await root.query('SELECT IS_FREE_LOCK(?) AS isFree', [`hdl_run_${run.server.key}`]))[0] as {
      isFree: number
    }[]
    expect(row?.isFree).toBe(0)
    app = await open()
    expect(await picture(app, database.name)).toEqual(fresh)
  })

  test('ids begin at 1 again', async () => {
    for (let i = 0; i < 3; i += 1) {
      const [result] = await app.query('INSERT INTO husband VALUES ()')
      expect(result).toMatchObject({ insertId: 1 })
      await resetMysql(database)
    }
  })
})
