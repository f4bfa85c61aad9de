import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSession, type HeddleOptions, type Job } from '@heddle/core'
import { expect, test } from 'vitest'
import { contextOf, tempDir, testOf } from '../fixtures/host.js'
import { foundTests } from './found-tests.js'
import { fileIdOf, readGroupSettings, readGroupSlots } from './group-settings.js'
import { RunGroups } from './run-groups.js'

const GROUPS: HeddleOptions = { groups: { db: { limit: 2 } }, rules: [{ files: 'db*', group: 'db' }] }
const WIDE = { workers: 3, inBand: false }

/** A run over files with these names. */
async function aRun(names: readonly string[], inline: HeddleOptions, env: NodeJS.ProcessEnv = {}) {
  const root = tempDir()
  mkdirSync(join(root, '.git'))
  for (const name of names) writeFileSync(join(root, name), '')
  const printed: string[] = []
  const session = await openSession({ root, inline, env, print: (line) => printed.push(line) })
  const context = contextOf({ rootDir: root })
  const files = foundTests(
    session.workspace,
    names.map((name) => testOf(join(root, name), context)),
  )
  const jobs = new Map<string, Job>()
  const groups = new RunGroups(files, { session, runId: 'f00', plan: session.groupPlan(files), jobs })
  return { root, files, jobs, groups, printed, idOf: (name: string) => fileIdOf(context, join(root, name)) }
}

test('a run without groups tells its workers nothing and holds no file back', async () => {
  const { files, groups } = await aRun(['a', 'b'], {})
  expect(groups.dir).toBeUndefined()
  expect(groups.placeholdersFor(files, WIDE)).toBeUndefined()
})

test('nor does one with priorities alone', async () => {
  const { files, groups } = await aRun(['a'], { rules: [{ files: '*', priority: 2 }] })
  expect(groups.dir).toBeUndefined()
  expect(groups.placeholdersFor(files, WIDE)).toBeUndefined()
})

test('workers know which groups there are, also if no file is in one', async () => {
  const { files, groups } = await aRun(['a'], { groups: { db: {} } })
  expect(readGroupSettings(groups.dir ?? '').testRules.groups).toMatchObject([{ name: 'db' }])
  expect(groups.placeholdersFor(files, WIDE)).toBeUndefined()
  groups.end()
})

test('workers are told what to take, until they are told that it was taken', async () => {
  const { files, groups, idOf } = await aRun(['db1', 'a'], GROUPS)
  const dir = groups.dir ?? ''
  expect(Object.keys(readGroupSettings(dir).files)).toEqual([idOf('db1')])
  expect(readGroupSlots(dir, idOf('db1'))).toBeUndefined()
  const placeholders = groups.placeholdersFor(files, WIDE)
  for (const place of placeholders?.tests ?? []) await placeholders?.choose(place)
  expect(readGroupSlots(dir, idOf('db1'))).toEqual({ db: 1 })
  expect(readGroupSlots(dir, idOf('a'))).toEqual({})
  await placeholders?.close()
  groups.end()
  expect(existsSync(dir)).toBe(false)
})

test('workers are told of rules about single tests, also if no file is in a group', async () => {
  const { groups, files } = await aRun(['a'], { groups: { db: {} }, rules: [{ tests: /@db/, group: 'db' }] })
  expect(readGroupSettings(groups.dir ?? '').testRules.rules).toHaveLength(1)
  expect(groups.placeholdersFor(files, WIDE)).toBeUndefined()
  groups.end()
})

test('the order of Jest is kept as far as limits allow, if heddle does not order the files', async () => {
  const { groups, files } = await aRun(['a', 'db1', 'db2', 'db3', 'b'], GROUPS)
  const placeholders = groups.placeholdersFor(files, WIDE)
  const order: string[] = []
  for (const place of placeholders?.tests.slice(0, 3) ?? []) {
    order.push((await placeholders?.choose(place))?.test.path.split('/').at(-1) ?? '')
  }
  expect(order).toEqual(['a', 'db1', 'db2'])
  await placeholders?.close()
  groups.end()
})

test('in band files come in their order', async () => {
  const { groups, files } = await aRun(['a', 'db1', 'b'], GROUPS)
  const placeholders = groups.placeholdersFor(files, { workers: 1, inBand: true })
  const order: string[] = []
  for (const place of placeholders?.tests ?? []) {
    order.push((await placeholders?.choose(place))?.test.path.split('/').at(-1) ?? '')
    placeholders?.end(place)
  }
  expect(order).toEqual(['a', 'db1', 'b'])
  await placeholders?.close()
  groups.end()
})

test('HEDDLE_ONE_AT_A_TIME holds every file back until the one before it is over', async () => {
  const { groups, files } = await aRun(['a', 'b'], {}, { HEDDLE_ONE_AT_A_TIME: '1' })
  const placeholders = groups.placeholdersFor(files, WIDE)
  const [first, second] = placeholders?.tests ?? []
  if (first === undefined || second === undefined) throw new Error('no placeholders')
  const seen: string[] = []
  const choose = async (place: typeof first): Promise<void> => {
    await placeholders?.choose(place)
    seen.push(place.path.split('/').at(-1) ?? '')
  }
  const both = Promise.all([choose(first), choose(second)])
  for (let i = 0; i < 3; i++) await new Promise(setImmediate)
  expect(seen).toEqual(['a'])
  placeholders?.end(first)
  await both
  expect(seen).toEqual(['a', 'b'])
  await placeholders?.close()
})

test('a Jest that does not wait leaves limits and weights to the workers, and it is said', async () => {
  const options = { ...GROUPS, rules: [...(GROUPS.rules ?? []), { files: 'a', weight: 2 }] }
  const { files, groups, printed, idOf } = await aRun(['a', 'db1'], options)
  const placeholders = groups.placeholdersFor(files, WIDE)
  expect(placeholders?.tests.map(({ path }) => path)).toEqual(files.map(({ test: { path } }) => path))
  const { files: needs } = readGroupSettings(groups.dir ?? '')
  expect(needs[idOf('a')]?.workers).toMatchObject({ limit: 3, permits: 2 })
  expect(needs[idOf('db1')]).toMatchObject({ groups: [{ name: 'db' }], workers: { permits: 1 } })
  expect(printed).toHaveLength(1)
  expect(readdirSync(groups.dir ?? '')).toEqual(['groups.json'])
  await placeholders?.close()
  groups.end()
})

test('what is probably not meant so is said once', async () => {
  const options: HeddleOptions = { groups: { unused: {} } }
  const { groups, printed } = await aRun(['a'], options)
  groups.warn()
  groups.warn()
  expect(printed).toHaveLength(1)
  expect(printed[0]).toContain('"unused"')
})
