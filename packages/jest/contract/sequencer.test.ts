import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { readFoundFiles } from '@heddle/core'
import { afterEach, expect, test, vi } from 'vitest'
import { contextOf, globalConfig, resultOf, tempDir } from '../fixtures/host.js'
import type { HostContext, HostGlobalConfig, HostRunResult, HostSequencerOptions, HostTest } from '../src/host-types.js'

interface Sequencer {
  shard(tests: HostTest[], shard: { shardIndex: number; shardCount: number }): Promise<HostTest[]>
  sort(tests: HostTest[]): Promise<HostTest[]>
  allFailedTests(tests: HostTest[]): Promise<HostTest[]>
  cacheResults(tests: HostTest[], results: HostRunResult): void
}

const requireBuilt = createRequire(__filename)
const BuiltSequencer = requireBuilt('@heddle/jest/sequencer') as new (options: HostSequencerOptions) => Sequencer
const stockRunner = requireBuilt.resolve('jest-runner')

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** A repository with the given files, by size in bytes, and what Jest knows of it. */
class Repo {
  readonly root = tempDir()
  readonly context: HostContext
  readonly tests: HostTest[]

  constructor(
    files: Readonly<Record<string, number>>,
    config: { readonly runner?: string; readonly globals?: Readonly<Record<string, unknown>> } = {},
  ) {
    mkdirSync(join(this.root, '.git'))
    this.context = contextOf({ rootDir: this.root, runner: stockRunner, ...config })
    this.tests = Object.entries(files).map(([name, bytes]) => {
      writeFileSync(join(this.root, name), 'x'.repeat(bytes))
      return { context: this.context, path: join(this.root, name) }
    })
  }

  sequencer(config: Partial<HostGlobalConfig> = {}): Sequencer {
    const options = { contexts: [this.context], globalConfig: globalConfig({ rootDir: this.root, ...config }) }
    return new BuiltSequencer(options)
  }

  results(durations: Readonly<Record<string, number>>, { failed = '' } = {}): HostRunResult {
    const testResults = Object.entries(durations).map(([name, end]) =>
      resultOf(join(this.root, name), { perfStats: { start: 0, end }, numFailingTests: name === failed ? 1 : 0 }),
    )
    return { testResults, wasInterrupted: false }
  }

  names(tests: readonly HostTest[]): string[] {
    return tests.map(({ path }) => path.slice(this.root.length + 1))
  }
}

const FILES = { a: 500, b: 400, c: 300, d: 200, e: 100 }

test('shards are disjoint and complete', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const repo = new Repo(FILES)
  const shards = []
  for (const shardIndex of [1, 2, 3]) {
    shards.push(await repo.sequencer().shard([...repo.tests].reverse(), { shardIndex, shardCount: 3 }))
  }
  expect(repo.names(shards.flat()).sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(shards.every(({ length }) => length === 1 || length === 2)).toBe(true)
})

test('a plan that does not fit fails the run', async () => {
  const repo = new Repo(FILES)
  vi.stubEnv('HEDDLE_SHARD_PLAN', join(repo.root, 'none.json'))
  const shard = repo.sequencer().shard(repo.tests, { shardIndex: 1, shardCount: 2 })
  await expect(shard).rejects.toThrow(/^HEDDLE_PLAN_UNREADABLE: /)
})

test('invalid options fail the run', async () => {
  const repo = new Repo(FILES)
  writeFileSync(join(repo.root, 'heddle.config.json'), '{"ordre":"host"}')
  await expect(repo.sequencer().sort(repo.tests)).rejects.toThrow(/^HEDDLE_OPTIONS_INVALID: /)
})

test('larger files go first where nothing is known, without an estimate for the reporters', async () => {
  const repo = new Repo(FILES)
  const sorted = await repo.sequencer().sort([...repo.tests].reverse())
  expect(repo.names(sorted)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(sorted.map(({ duration }) => duration)).toEqual(Array.from({ length: 5 }, () => undefined))
})

test('what a run measured orders the next one', async () => {
  const repo = new Repo({ slow: 1, quick: 100 }, { runner: '/custom/runner.js' })
  const first = repo.sequencer()
  const sorted = await first.sort(repo.tests)
  expect(repo.names(sorted)).toEqual(['quick', 'slow'])
  first.cacheResults(sorted, repo.results({ slow: 900, quick: 300 }))

  const again = await repo.sequencer().sort(repo.tests)
  expect(repo.names(again)).toEqual(['slow', 'quick'])
  expect(again.map(({ duration = 0 }) => Math.round(duration))).toEqual([900, 300])
  expect(readdirSync(join(repo.root, '.heddle/history'))).toHaveLength(1)
})

test('--onlyFailures runs what failed when it ran last', async () => {
  const repo = new Repo({ good: 1, bad: 1 }, { runner: '/custom/runner.js' })
  const first = repo.sequencer()
  first.cacheResults(await first.sort(repo.tests), repo.results({ good: 1, bad: 1 }, { failed: 'bad' }))
  const second = repo.sequencer()
  expect(repo.names(await second.allFailedTests(await second.sort(repo.tests)))).toEqual(['bad'])
})

test("heddle's runner takes the tests of projects with the stock one", async () => {
  const repo = new Repo(FILES)
  const sorted = await repo.sequencer().sort(repo.tests)
  const runners = new Set(sorted.map(({ context }) => context.config.runner))
  expect(runners).toEqual(new Set([requireBuilt.resolve('@heddle/jest/runner')]))
})

test('what was found is written where the command line asks for it', async () => {
  const repo = new Repo({ a: 1, b: 2 })
  const file = join(repo.root, 'found.json')
  vi.stubEnv('HEDDLE_FOUND_FILES', file)
  await repo.sequencer().sort(repo.tests)
  expect(readFoundFiles(file).files.map(({ key }) => key)).toEqual(['a', 'b'])
})

const GROUPS = `{"groups":{"db":{"limit":2}},"rules":[{"files":"a","group":"db"}]}`

test('groups reach the workers, and are gone when the run is over', async () => {
  const repo = new Repo({ a: 1, b: 2 })
  vi.stubEnv('HEDDLE_JEST_RUN', undefined)
  writeFileSync(join(repo.root, 'heddle.config.json'), GROUPS)
  const sequencer = repo.sequencer()
  const sorted = await sequencer.sort(repo.tests)
  const { dir } = JSON.parse(process.env['HEDDLE_JEST_RUN'] ?? '{}') as { readonly dir: string }
  const told = JSON.parse(readFileSync(join(dir, 'groups.json'), 'utf8')) as { readonly files: object }
  expect(Object.values(told.files)).toEqual([{ groups: [{ name: 'db', limit: 2, scope: 'run', permits: 1 }] }])
  sequencer.cacheResults(sorted, repo.results({}))
  expect(existsSync(dir)).toBe(false)
})

test('a group that nobody declared fails the run', async () => {
  const repo = new Repo({ a: 1 })
  writeFileSync(join(repo.root, 'heddle.config.json'), GROUPS)
  writeFileSync(join(repo.root, 'a'), '/** @group bd */')
  await expect(repo.sequencer().sort(repo.tests)).rejects.toThrow(/^HEDDLE_GROUP_UNKNOWN: /)
})

test('a runner of the user is named where its files are in groups', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const repo = new Repo({ a: 1 }, { runner: '/custom/runner.js' })
  await repo.sequencer().sort(repo.tests)
  expect(write).not.toHaveBeenCalled()
  const other = new Repo({ a: 1 }, { runner: '/custom/runner.js' })
  writeFileSync(join(other.root, 'heddle.config.json'), GROUPS)
  const sequencer = other.sequencer()
  await sequencer.sort(other.tests)
  expect(write.mock.calls.join('')).toMatch(/^heddle: groups are not enforced in files that ".custom.runner\.js" runs/)
  sequencer.cacheResults([], other.results({}))
})

test('rules with functions and expressions are told to the command line as what they come to', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const rules = [
    { when: ({ path }: { readonly path: string }) => path === 'b', group: 'db' },
    { tests: /@db/i, group: 'db' },
  ]
  const repo = new Repo({ a: 1, b: 2 }, { globals: { __HEDDLE__: { groups: { db: {} }, rules } } })
  const file = join(repo.root, 'found.json')
  vi.stubEnv('HEDDLE_FOUND_FILES', file)
  const sequencer = repo.sequencer()
  await sequencer.sort(repo.tests)
  sequencer.cacheResults([], repo.results({}))
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    files: [
      { key: 'a', demand: { groups: [] } },
      { key: 'b', demand: { groups: [{ group: 'db' }] } },
    ],
    testRules: [{ groups: [{ group: 'db' }] }],
  })
})
