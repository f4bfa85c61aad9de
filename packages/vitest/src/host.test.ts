import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { TestModule, TestProject, TestSpecification, Vitest } from 'vitest/node'
import {
  batchOf,
  hasOwnSlots,
  hasPoolsApart,
  isCold,
  isPartialRun,
  isShuffledByCommandLine,
  stageOf,
  workersOf,
} from './host.js'

const CPUS = availableParallelism()

test.each([
  ['the project', { maxWorkers: 3 }, { maxWorkers: 8 }, 3],
  ['the root', {}, { maxWorkers: 8 }, 8],
  ['a number as text', { maxWorkers: '5' }, {}, 5],
  ['the pool of Vitest 3', { pool: 'forks', poolOptions: { forks: { maxForks: 4 } } }, { maxWorkers: 8 }, 4],
  ['a single fork', { pool: 'forks', poolOptions: { forks: { singleFork: true } } }, {}, 1],
  ['nothing', {}, {}, Math.max(1, CPUS - 1)],
  ['nothing, in watch mode', {}, { watch: true }, Math.max(1, Math.floor(CPUS / 2))],
])('workers are those of %s', (_, project, root, workers) => {
  expect(workersOf(vitestWith(root), projectWith(project))).toBe(workers)
})

test('stages follow groupOrder, then files without parallelism, then type tests', () => {
  const last = stageOf(specification({ isolate: true, maxWorkers: 1 }))
  expect(stageOf(specification({ sequence: { groupOrder: 2 } }))).toBe(2)
  expect(stageOf(specification({}))).toBe(0)
  expect(last).toBeGreaterThan(1000)
  expect(stageOf(specification({}, { pool: 'typescript' }))).toBeGreaterThan(last)
})

test('a file without parallelism keeps a groupOrder of its own', () => {
  expect(stageOf(specification({ isolate: true, maxWorkers: 1, sequence: { groupOrder: 3 } }))).toBe(3)
})

test.each([
  ['3.2.7', ['forks', 'threads'], true, false],
  ['3.2.7', ['forks', 'forks'], false, true],
  ['4.1.12', ['forks', 'threads'], false, false],
])('Vitest %s with pools %o: apart %o, numbers of its own %o', (version, pools, isApart, isOwn) => {
  const specifications = pools.map((pool) => specification({}, { pool }))
  expect(hasPoolsApart({ version } as Vitest, specifications)).toBe(isApart)
  expect(hasOwnSlots({ version } as Vitest, specifications)).toBe(isOwn)
})

test('isolated files are no batch', () => {
  expect(batchOf(specification({ isolate: true }))).toBeUndefined()
  expect(batchOf(specification({}))).toBeUndefined()
})

test('non-isolated files are one batch per project and environment', () => {
  const node = sourceFile('')
  // In two parts: Vitest reads this file for such a comment, too.
  const jsdom = sourceFile(['// @vitest', 'environment jsdom\n'].join('-'))
  const shared = { isolate: false, environment: 'node' }
  const batch = (moduleId: string, name = 'a'): string | undefined =>
    batchOf(specification(shared, { moduleId, project: projectWith(shared, name) }))
  expect(batch(node)).toBe(batch(sourceFile('test()')))
  expect(batch(jsdom)).not.toBe(batch(node))
  expect(batch(node, 'b')).not.toBe(batch(node))
})

test('files of Vitest 3 are non-isolated by the option of their pool', () => {
  const config = { isolate: true, poolOptions: { forks: { isolate: false } } }
  expect(batchOf(specification(config, { pool: 'forks' }))).toBeDefined()
})

test.each([
  [{ shuffle: true }, true],
  [{ shuffle: { files: true } }, true],
  [{ shuffle: { tests: true } }, false],
  [{}, false],
])('a command line with sequence %j shuffles files: %s', (sequence, isShuffled) => {
  expect(isShuffledByCommandLine({ _cliOptions: { sequence } } as unknown as Vitest)).toBe(isShuffled)
})

test('a run is cold until Vitest has written its cache', () => {
  expect(isCold(vitestWith({ cache: { dir: '/nowhere' } }))).toBe(true)
  expect(isCold(vitestWith({ cache: { dir: tmpdir() } }))).toBe(false)
  expect(isCold(vitestWith({ cache: false }))).toBe(false)
})

test('a whole run of a file is not partial', () => {
  expect(isPartialRun(vitestWith({}), moduleWith({}), specification({}))).toBe(false)
  expect(isPartialRun(vitestWith({}), moduleWith({}), undefined)).toBe(false)
})

test.each([
  ['a name filter', { config: { testNamePattern: /a/ } }, {}],
  ['a tags filter', { config: { tagsFilter: ['a'] } }, {}],
  ['a cancelled run', { isCancelling: true, config: {} }, {}],
  ['single lines', { config: {} }, { testLines: [3] }],
  ['single tests', { config: {} }, { testIds: ['1'] }],
])('%s makes a run partial', (_, vitest, narrowed) => {
  const only = specification({}, narrowed)
  expect(isPartialRun(vitest as unknown as Vitest, moduleWith({}), only)).toBe(true)
})

test('a file with .only is partial: Vitest 5 tells, before its skipped tests are a reason to look', () => {
  const focused = sourceFile('test.only()')
  const vitest = vitestWith({})
  expect(isPartialRun(vitest, moduleWith({ containsOnly: true }), undefined)).toBe(true)
  expect(isPartialRun(vitest, moduleWith({ containsOnly: false, skipped: 1, file: focused }), undefined)).toBe(false)
  expect(isPartialRun(vitest, moduleWith({ skipped: 1, file: focused }), undefined)).toBe(true)
  expect(isPartialRun(vitest, moduleWith({ skipped: 1, file: sourceFile('test.skip()') }), undefined)).toBe(false)
  expect(isPartialRun(vitest, moduleWith({ skipped: 0, file: focused }), undefined)).toBe(false)
})

/** The host's objects, with what the major under test would have in them. */
function vitestWith(config: object): Vitest {
  return { config } as unknown as Vitest
}

function projectWith(config: object, name = 'a'): TestProject {
  return { name, config: { sequence: {}, ...config } } as unknown as TestProject
}

function specification(config: object, rest: Partial<TestSpecification> = {}): TestSpecification {
  const base = { project: projectWith(config), pool: 'forks', moduleId: '/nowhere.test.ts' }
  return { ...base, ...rest } as unknown as TestSpecification
}

interface ModuleParts {
  readonly containsOnly?: boolean
  readonly skipped?: number
  readonly file?: string
}

function moduleWith({ skipped = 0, file = '/nowhere.test.ts', ...task }: ModuleParts): TestModule {
  const children = { allTests: () => Array.from({ length: skipped }, () => ({})) }
  return { task, moduleId: file, children } as unknown as TestModule
}

function sourceFile(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-source-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'a.test.ts'), text)
  return join(dir, 'a.test.ts')
}
