import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Migrations, MigrationTarget } from './migration-options.js'
import { compareNaturally, planMigrations } from './plan-migrations.js'

let root = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'heddle-plan-'))
})
afterEach(() => rm(root, { recursive: true }))

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), `-- ${path}`)
  }
}

const plan = (migrations?: Migrations<MigrationTarget>) => planMigrations(migrations, { name: 'main', root })
const pathsOf = async (migrations: Migrations<MigrationTarget>) =>
  (await plan(migrations)).files.map(({ path }) => path)

test('files run in the order of their names, numbers by value', async () => {
  await write('m/10_c.sql', 'm/2_b.sql', 'm/1_a.sql', 'm/note.txt')
  expect(await pathsOf('m/*.sql')).toEqual(['m/1_a.sql', 'm/2_b.sql', 'm/10_c.sql'])
})

test('globs run one after the other, and a file runs once', async () => {
  await write('z/schema.sql', 'a/1.sql', 'a/2.sql')
  expect(await pathsOf(['z/*.sql', 'a/2.sql', '*/*.sql'])).toEqual(['z/schema.sql', 'a/2.sql', 'a/1.sql'])
})

test('what undoes a migration is left out', async () => {
  await write('m/1.up.sql', 'm/1.down.sql', 'm/2_step.down.sql')
  expect(await pathsOf('m/*.sql')).toEqual(['m/1.up.sql', 'm/2_step.down.sql'])
})

test('a glob that matches nothing is an error that names it', async () => {
  await write('m/1.sql')
  await expect(plan(['m/*.sql', 'migration/*.sql'])).rejects.toThrow(
    `Cannot find the migrations of resource "main": no file matches "migration/*.sql" in ${root}`,
  )
})

test('no migrations are a plan without files', async () => {
  expect(await plan()).toMatchObject({ files: [], way: { kind: 'sql' } })
})

test('the hash tells contents, names, order and way apart', async () => {
  await write('m/1.sql', 'm/2.sql')
  const migrations: Migrations<MigrationTarget>[] = [
    'm/*.sql',
    'm/1.sql',
    ['m/2.sql', 'm/1.sql'],
    { files: 'm/*.sql', command: 'migrate' },
    { files: 'm/*.sql', command: 'migrate --all' },
    { files: 'm/*.sql', run: () => 'a' },
    { files: 'm/*.sql', run: () => 'b' },
  ]
  const before = await Promise.all(migrations.map(async (one) => (await plan(one)).hash))
  expect(new Set(before).size).toBe(migrations.length)
  expect(await Promise.all(migrations.map(async (one) => (await plan(one)).hash))).toEqual(before)
  await writeFile(join(root, 'm/1.sql'), 'select 1')
  const after = await Promise.all(migrations.map(async (one) => (await plan(one)).hash))
  expect(after.filter((hash) => before.includes(hash))).toEqual([])
})

test('natural order is total', () => {
  expect(['a10', 'a2', 'a', 'a02', 'b1', 'a2b'].sort(compareNaturally)).toEqual(['a', 'a02', 'a2', 'a2b', 'a10', 'b1'])
})
