import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nodeWithSqlite } from '../fixtures/newer-node.js'
import { surroundingsIn, temporaryDir } from '../fixtures/surroundings.js'
import { sqliteAdmin } from '../src/sqlite/sqlite-admin.js'
import { killMany, startCycle, type Cycle } from './cycle.js'

const ROUNDS = Number(process.env['HEDDLE_RESET_ROUNDS'] ?? 150)
const run = promisify(execFile)

describe('SQLite', () => {
  let node = ''
  let dir = ''
  let remove: () => void

  beforeAll(() => {
    node = nodeWithSqlite()
  }, 120_000)

  beforeEach(() => {
    ;({ dir, remove } = temporaryDir())
  })

  afterEach(() => remove())

  function cycle(options: object): Cycle {
    return { entry: 'sqlite', call: 'sqlite', options, dir, cycles: 2 }
  }

  for (const library of ['node:sqlite', 'better-sqlite3']) {
    test(`nothing is left of ${ROUNDS} random workloads in files and in memory (${library})`, async () => {
      const args = [join(__dirname, 'sqlite-workloads.cjs'), dir, `${ROUNDS}`, library]
      const { stdout } = await run(node, args, { timeout: 110_000 })
      const counts = JSON.parse(stdout) as { words: string; cleaned: number; schemas: number }
      expect(counts.words).toBe(library)
      expect(counts.cleaned).toBeGreaterThan(ROUNDS)
      expect(counts.schemas).toBeGreaterThan(ROUNDS / 20)
    })
  }

  test('8 at once migrate once', async () => {
    mkdirSync(join(dir, 'migrations'))
    writeFileSync(join(dir, 'migrations/1.sql'), 'CREATE TABLE item (id INTEGER PRIMARY KEY);')
    const command = 'echo x >> migrated'
    const runs = Array.from({ length: 8 }, () =>
      startCycle(cycle({ migrations: { files: 'migrations/*.sql', command } }), node),
    )
    for (const { end, errors } of runs) expect(await end, errors()).toBe(0)
    expect(readFileSync(join(dir, 'migrated'), 'utf8')).toBe('x\n')
  })

  test('50 that are killed at any moment leave no half-made template', { timeout: 180_000 }, async () => {
    mkdirSync(join(dir, 'migrations'))
    const rows = Array.from({ length: 20_000 }, (_, i) => `(${i})`)
    writeFileSync(
      join(dir, 'migrations/1.sql'),
      `CREATE TABLE item (id INTEGER); INSERT INTO item VALUES ${rows.join()};`,
    )
    const templates = join(dir, 'cache/sqlite')
    const names = (): string[] => (existsSync(templates) ? readdirSync(templates) : [])
    // This one certainly is at it; when the others are killed, is chance.
    const slow = startCycle(cycle({ migrations: { files: 'migrations/*.sql', command: 'sleep 5' } }), node)
    await expect.poll(() => names().some((name) => name.includes('.tmp')), { timeout: 30_000 }).toBe(true)
    slow.child.kill('SIGKILL')
    await slow.end
    const removeWhole = (): void => {
      for (const name of names()) if (name.endsWith('.db')) rmSync(join(templates, name))
    }
    const killed = cycle({ migrations: 'migrations/*.sql' })
    await killMany(killed, { count: 50, isEarly: true, node, between: removeWhole })
    const last = startCycle(killed, node)
    expect(await last.end, last.errors()).toBe(0)
    const [template = '', ...others] = readdirSync(templates).toSorted()
    expect(template).toMatch(/^hdl_tpl_\w{10}\.db$/)
    expect(others).toEqual([`${template}.json`])
  })

  test('a template of another project is told apart, and not removed', async () => {
    mkdirSync(join(dir, 'migrations'))
    writeFileSync(join(dir, 'migrations/1.sql'), 'CREATE TABLE item (id INTEGER PRIMARY KEY);')
    const options = { migrations: 'migrations/*.sql' }
    const made = startCycle(cycle(options), node)
    expect(await made.end, made.errors()).toBe(0)
    const admin = sqliteAdmin(options)
    const [own, other] = [surroundingsIn(dir, dir), surroundingsIn(dir, join(dir, 'other'))]
    const [row] = await admin.status(own)
    expect(row).toMatchObject({
      kind: 'template',
      state: 'free',
      name: expect.stringMatching(/^hdl_tpl_\w{10}\.db$/) as string,
    })
    expect(row?.isOthers).toBeUndefined()
    expect(await admin.status(other)).toEqual([{ ...row, isOthers: true }])
    expect(await admin.clean(other, { isAll: true, isDryRun: false })).toEqual([])
    expect(await admin.clean(own, { isAll: false, isDryRun: false })).toEqual([])
    expect(await admin.clean(own, { isAll: true, isDryRun: true })).toEqual([row?.name])
    expect(await admin.clean(own, { isAll: true, isDryRun: false })).toEqual([row?.name])
    expect(readdirSync(join(dir, 'cache/sqlite'))).toEqual([])
  })

  for (const library of ['node:sqlite', 'better-sqlite3']) {
    test(`workers and runs reset at once, though all read one template (${library})`, async () => {
      mkdirSync(join(dir, 'migrations'))
      writeFileSync(join(dir, 'migrations/1.sql'), 'CREATE TABLE item (id INTEGER PRIMARY KEY);')
      expect(await startCycle(cycle({ migrations: 'migrations/*.sql' }), node).end).toBe(0)
      const [name = ''] = readdirSync(join(dir, 'cache/sqlite'))
      const args = [join(__dirname, 'sqlite-together.cjs'), join(dir, 'cache/sqlite', name), '300', library]
      await Promise.all([1, 2, 3].map(async () => run(node, args)))
    })
  }

  test('a template that has become empty is made anew', async () => {
    mkdirSync(join(dir, 'migrations'))
    writeFileSync(join(dir, 'migrations/1.sql'), 'CREATE TABLE item (id INTEGER);')
    const one = cycle({ migrations: 'migrations/*.sql' })
    expect(await startCycle(one, node).end).toBe(0)
    const [name = ''] = readdirSync(join(dir, 'cache/sqlite'))
    const template = join(dir, 'cache/sqlite', name)
    const { size } = statSync(template)
    writeFileSync(template, '')
    const next = startCycle(one, node)
    expect(await next.end, next.errors()).toBe(0)
    expect(statSync(template).size).toBe(size)
  })

  test('a migration that fails is told with its file, and leaves nothing', async () => {
    mkdirSync(join(dir, 'migrations'))
    writeFileSync(join(dir, 'migrations/1.sql'), 'CREATE TABEL typo (id)')
    const failing = startCycle(cycle({ migrations: 'migrations/*.sql' }), node)
    expect(await failing.end).toBe(1)
    expect(failing.errors()).toMatch(/HEDDLE_MIGRATION_FAILED: Cannot run migration "migrations\/1.sql": near "TABEL"/)
    expect(existsSync(join(dir, 'cache/sqlite')) ? readdirSync(join(dir, 'cache/sqlite')) : []).toEqual([])
  })
})
