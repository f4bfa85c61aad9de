import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import type { MigrationPlan, MigrationWay } from './plan-migrations.js'
import { runMigrations } from './run-migrations.js'

const FILES = ['1.sql', '2.sql', '3.sql'].map((path) => ({ path, sql: '' }))

async function run(way: MigrationWay<string>, runFile: (path: string) => void = () => {}): Promise<void> {
  const plan: MigrationPlan<string> = { way, files: FILES, hash: '' }
  const { signal } = new AbortController()
  const place = { name: 'main', root: tmpdir(), target: 'the target', env: { ...process.env, DB: 'x' }, signal }
  await runMigrations(plan, { ...place, runFile: async ({ path }) => runFile(path) })
}

test('files run in order, and nothing runs after one that fails', async () => {
  const ran: string[] = []
  const failing = run({ kind: 'sql' }, (path) => {
    ran.push(path)
    if (path === '2.sql') throw new Error('no such table')
  })
  await expect(failing).rejects.toThrow('no such table')
  expect(ran).toEqual(['1.sql', '2.sql'])
})

test('a function is called with the target, and files are not run', async () => {
  const targets: string[] = []
  const runOwn = async (target: string): Promise<void> => {
    targets.push(target)
  }
  await run({ kind: 'run', run: runOwn }, () => expect.unreachable())
  expect(targets).toEqual(['the target'])
})

test('what a function throws is told, with the resource, and is the cause', async () => {
  const thrown = new Error('column missing')
  const failing = run({ kind: 'run', run: () => Promise.reject(thrown) })
  await expect(failing).rejects.toThrow(
    /^HEDDLE_MIGRATION_FAILED: Cannot run the migrations of resource "main": column missing\nFix: /,
  )
  await expect(failing).rejects.toHaveProperty('cause', thrown)
})

test('a command is given the variables', async () => {
  const command = `"${process.execPath}" -e "process.exit(process.env.DB === 'x' ? 0 : 1)"`
  await expect(run({ kind: 'command', command })).resolves.toBeUndefined()
})

test('files that are left when the run ends do not run', async () => {
  const abort = new AbortController()
  const ran: string[] = []
  const plan: MigrationPlan<string> = { way: { kind: 'sql' }, files: FILES, hash: '' }
  const place = { name: 'main', root: tmpdir(), target: '', env: {}, signal: abort.signal }
  const running = runMigrations(plan, {
    ...place,
    runFile: async ({ path }) => {
      ran.push(path)
      abort.abort(new Error('the run ends'))
    },
  })
  await expect(running).rejects.toThrow('the run ends')
  expect(ran).toEqual(['1.sql'])
})
