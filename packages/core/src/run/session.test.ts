import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith, writeInto } from '../../fixtures/directories.js'
import { aFile, aRecord } from '../../fixtures/records.js'
import { writeRecord } from '../history/write-record.js'
import { planShards } from '../plan/plan-shards.js'
import { formatShardPlan } from '../plan/shard-plan-file.js'
import { formatSnapshot, planSnapshot } from '../history/snapshot.js'
import type { HeddleOptions } from '../options/options.js'
import { openSession, PLATFORM, type Session } from './session.js'

const FILES = ['a', 'b', 'c', 'd'].map((key) => ({ key }))

interface Opened {
  readonly session: Session
  readonly printed: string[]
}

async function openIn(workspace: string, inline: HeddleOptions = {}, env: NodeJS.ProcessEnv = {}): Promise<Opened> {
  const printed: string[] = []
  const session = await openSession({ root: workspace, inline, env, print: (line) => printed.push(line) })
  return { session, printed }
}

/** A repository with test files of 40, 30, 20 and 10 bytes. */
function repository(files: Readonly<Record<string, string>> = {}): string {
  const tests = Object.fromEntries(FILES.map(({ key }, i) => [key, 'x'.repeat(40 - 10 * i)]))
  return dirWith({ '.git/HEAD': '', ...tests, ...files })
}

const remember = (workspace: string, times: Readonly<Record<string, number>>, startedAt = 1): string =>
  writeRecord(join(workspace, '.heddle/history'), aRecord(times, { platform: PLATFORM, startedAt }))
const orderOf = (session: Session) => session.order(FILES, { workers: 2 }).jobs.map((job) => job.key)
const splitOf = (session: Session, count = 2) =>
  session.shard(FILES, count).plan.shards.map((shard) => shard.keys.join(''))

test('a session knows its workspace and options', async () => {
  const workspace = repository({ 'heddle.config.json': '{ "silent": true }', 'packages/api/package.json': '{}' })
  const root = join(workspace, 'packages/api')
  const session = await openSession({ root, inline: { dir: 'state' }, env: {} })
  expect(session).toMatchObject({ root, workspace, historyDir: join(workspace, 'state/history') })
  expect(session.options).toMatchObject({ silent: true, dir: 'state' })
})

test('HEDDLE_DIR wins over the options, relative to the workspace or absolute', async () => {
  const workspace = repository()
  const dirIn = async (dir: string) =>
    (await openIn(workspace, { dir: 'inline' }, { HEDDLE_DIR: dir })).session.historyDir
  expect(await dirIn('env')).toBe(join(workspace, 'env/history'))
  expect(await dirIn('/elsewhere')).toBe('/elsewhere/history')
  expect(await dirIn('')).toBe(join(workspace, 'inline/history'))
})

test('without a history the largest files start first', async () => {
  const { session, printed } = await openIn(repository())
  expect(orderOf(session)).toEqual(['a', 'b', 'c', 'd'])
  expect(printed).toEqual([])
})

test('the history makes the order', async () => {
  const workspace = repository()
  remember(workspace, { a: 1, b: 20, c: 300, d: 4000 })
  const { session } = await openIn(workspace)
  expect(orderOf(session)).toEqual(['d', 'c', 'b', 'a'])
})

test('what failed starts first unless it is not wanted', async () => {
  const workspace = repository()
  const files = [aFile('a', 100), aFile('b', 1, { outcome: 'failed' })]
  writeRecord(join(workspace, '.heddle/history'), aRecord(files, { platform: PLATFORM }))
  const first = async (failedFirst: boolean) => orderOf((await openIn(workspace, { failedFirst })).session)[0]
  expect(await first(true)).toBe('b')
  expect(await first(false)).toBe('a')
})

test('what an adapter attached to its files comes back in order', async () => {
  const { session } = await openIn(repository())
  const [first] = session.order([{ key: 'a', specification: 5 }], { workers: 1 }).jobs
  expect(first?.specification).toBe(5)
})

test('files that do not exist count as empty', async () => {
  const { session } = await openIn(repository())
  expect(session.estimate([{ key: 'a' }, { key: 'not/there' }]).map((job) => job.expectedMs)).toEqual([
    expect.any(Number),
    1,
  ])
})

test('a record that was added changes the next order', async () => {
  const { session } = await openIn(repository())
  expect(orderOf(session)[0]).toBe('a')
  session.addRecord(aRecord({ a: 1, b: 1, c: 1, d: 999 }, { platform: PLATFORM }))
  expect(orderOf(session)[0]).toBe('d')
  expect(session.records).toHaveLength(1)
})

test('what cannot be read is told once', async () => {
  const workspace = repository({ '.heddle/history/x.jsonl': '{' })
  remember(workspace, { a: 1 })
  const { session, printed } = await openIn(workspace)
  expect(session.records).toHaveLength(1)
  orderOf(session)
  expect(printed).toEqual([expect.stringMatching(/^Skipped history file ".*x\.jsonl": /)])
})

test('without a snapshot shards are split by size', async () => {
  const { session } = await openIn(repository())
  expect(session.shard(FILES, 2).source).toBe('size')
  expect(splitOf(session)).toEqual(['ad', 'bc'])
})

test('shards split by size come with advice, once and not when silent', async () => {
  const { session, printed } = await openIn(repository())
  session.shard(FILES, 3)
  session.shard(FILES, 3)
  expect(printed).toEqual([
    expect.stringMatching(/^shards are split by file size; .*heddle plan --shards 3 > plan\.json/),
  ])
  const silent = await openIn(repository(), { silent: true })
  silent.session.shard(FILES, 3)
  expect(silent.printed).toEqual([])
})

test('the snapshot splits shards where there is one, its median stands for new files', async () => {
  const snapshot = planSnapshot(
    new Map([
      ['a', 10],
      ['b', 10],
      ['c', 100],
    ]),
  )
  const workspace = repository({ 'heddle.durations.json': formatSnapshot({ ...snapshot, medianMs: 1000 }) })
  const { session } = await openIn(workspace)
  expect(session.shard(FILES, 2).source).toBe('snapshot')
  expect(splitOf(session)).toEqual(['d', 'abc'])
})

test('the snapshot may lie elsewhere', async () => {
  const workspace = repository({ 'ci/times.json': formatSnapshot(planSnapshot(new Map([['a', 5]]))) })
  const { session } = await openIn(workspace, { shards: { snapshot: 'ci/times.json' } })
  expect(session.snapshotFile).toBe(join(workspace, 'ci/times.json'))
  expect(session.shard(FILES, 2).source).toBe('snapshot')
})

test('a plan handed to all shards wins over everything', async () => {
  const workspace = repository({ 'heddle.durations.json': formatSnapshot(planSnapshot(new Map())) })
  const plan = planShards(
    [
      { key: 'a', expectedMs: 1 },
      { key: 'b', expectedMs: 1 },
      { key: 'c', expectedMs: 1 },
      { key: 'd', expectedMs: 9 },
    ],
    2,
  )
  const file = writeInto(workspace, 'plan.json', formatShardPlan(plan))
  const { session } = await openIn(workspace, {}, { HEDDLE_SHARD_PLAN: file })
  expect(session.shard(FILES, 2)).toEqual({ plan, source: 'plan' })
})

test('a plan for another number of shards is refused', async () => {
  const workspace = repository()
  const file = writeInto(workspace, 'plan.json', formatShardPlan(planShards([], 3)))
  const { session } = await openIn(workspace, {}, { HEDDLE_SHARD_PLAN: file })
  expect(() => session.shard(FILES, 2)).toThrow(
    /^HEDDLE_PLAN_MISMATCH: Cannot use shard plan ".*" for --shard=…\/2: it was made for 3 shards\nFix: run it with --shard=…\/3/,
  )
})

test('a missing or unsuitable plan is refused, never replaced by a guess', async () => {
  const workspace = repository()
  const missing = await openIn(workspace, {}, { HEDDLE_SHARD_PLAN: join(workspace, 'none.json') })
  expect(() => missing.session.shard(FILES, 2)).toThrow('HEDDLE_PLAN_UNREADABLE')
  const file = writeInto(workspace, 'plan.json', formatShardPlan(planShards([{ key: 'a', expectedMs: 1 }], 2)))
  const partial = await openIn(workspace, {}, { HEDDLE_SHARD_PLAN: file })
  expect(() => partial.session.shard(FILES, 2)).toThrow('3 found, not planned (b, c, d)')
})

test('new files join a plan where they are welcome, at its mean', async () => {
  const plan = planShards(
    [
      { key: 'a', expectedMs: 10 },
      { key: 'b', expectedMs: 2 },
      { key: 'c', expectedMs: 3 },
    ],
    2,
  )
  const workspace = repository()
  const file = writeInto(workspace, 'plan.json', formatShardPlan(plan))
  const { session } = await openIn(workspace, { shards: { newFiles: 'lightest' } }, { HEDDLE_SHARD_PLAN: file })
  expect(session.shard(FILES, 2).plan.shards).toEqual([
    { index: 1, expectedMs: 10, keys: ['a'] },
    { index: 2, expectedMs: 10, keys: ['b', 'c', 'd'] },
  ])
})

test('a broken snapshot is refused, never replaced by sizes', async () => {
  const { session } = await openIn(repository({ 'heddle.durations.json': '<<<<<<< HEAD' }))
  expect(() => session.shard(FILES, 2)).toThrow('HEDDLE_SNAPSHOT_UNREADABLE')
})

test('fewer than one shard are refused', async () => {
  const { session } = await openIn(repository())
  expect(() => session.shard(FILES, 0)).toThrow('HEDDLE_SHARDS_INVALID')
})

test.each(['size', 'snapshot', 'plan'])('the history has no say in shards split by %s', async (source) => {
  const open = async (times: Readonly<Record<string, number>>) => {
    const workspace = repository()
    remember(workspace, times)
    if (source === 'snapshot') {
      writeFileSync(join(workspace, 'heddle.durations.json'), formatSnapshot(planSnapshot(new Map([['a', 50]]))))
    }
    const plan = writeInto(
      workspace,
      'plan.json',
      formatShardPlan(
        planShards(
          FILES.map(({ key }) => ({ key, expectedMs: 1 })),
          2,
        ),
      ),
    )
    return (await openIn(workspace, {}, source === 'plan' ? { HEDDLE_SHARD_PLAN: plan } : {})).session
  }
  const [one, other] = [await open({ a: 9000, b: 1, c: 1, d: 1 }), await open({ a: 1, b: 1, c: 9000, d: 50 })]
  expect(one.shard(FILES, 2).source).toBe(source)
  expect(one.shard(FILES, 2).plan).toEqual(other.shard(FILES, 2).plan)
  expect(orderOf(one)).not.toEqual(orderOf(other))
})

test('opening a session reads no history, so a broken one costs nothing before it is needed', async () => {
  const workspace = repository()
  mkdirSync(join(workspace, '.heddle'), { recursive: true })
  writeFileSync(join(workspace, '.heddle/history'), '')
  const { session, printed } = await openIn(workspace)
  session.shard([], 1)
  expect(printed.filter((line) => line.includes('history directory'))).toEqual([])
  printed.length = 0
  expect(session.records).toEqual([])
  expect(printed).toHaveLength(1)
})

test('the plan of groups knows rules, files and what earlier runs had', async () => {
  const workspace = repository({
    'heddle.config.json': '{ "groups": { "db": {}, "smtp": {} }, "rules": [{ "files": "a", "group": "db" }] }',
    e: '// @group smtp',
  })
  const inline: HeddleOptions = { rules: [{ files: ['b', 'c'], weight: 2 }] }
  const { session } = await openIn(workspace, inline)
  const plan = session.groupPlan(FILES.slice(0, 2))
  expect(plan.demandOf('a').groups).toEqual([{ group: 'db', mode: 'shared' }])
  expect(plan.demandOf('b').weight).toBe(2)
  expect(plan.reasonsOf('a')).toMatchObject([{ because: 'rules[0] of heddle.config.json (files "a")' }])
  expect(plan.warnings).toHaveLength(2)
  expect(session.groupPlan(FILES.slice(0, 2), { isPartial: true }).warnings).toEqual([])
  remember(workspace, { c: 1, e: 1 })
  session.reload()
  expect(session.groupPlan(FILES.slice(0, 2)).warnings).toEqual([])
})

test('rules of a package are relative to it, those above it to the file', async () => {
  const workspace = dirWith({
    '.git/HEAD': '',
    'package.json': '{ "workspaces": ["packages/*"] }',
    'heddle.config.json': '{ "rules": [{ "files": "packages/*/test/**", "priority": 7 }] }',
    'packages/api/package.json': '{}',
  })
  const inline: HeddleOptions = { rules: [{ files: 'test/*', weight: 3 }] }
  const session = await openSession({ root: join(workspace, 'packages/api'), inline, env: {} })
  const plan = session.groupPlan([{ key: 'packages/api/test/a.ts' }])
  expect(plan.demandOf('packages/api/test/a.ts')).toEqual({ groups: [], weight: 3, priority: 7 })
})

test('with groups the critical chain starts first', async () => {
  const workspace = repository()
  remember(workspace, { a: 500, b: 300, c: 300, d: 300 })
  const rules = [{ files: ['b', 'c', 'd'], group: 'postgres' }]
  const { session } = await openIn(workspace, { groups: { postgres: {} }, rules })
  const { jobs, lowerBound } = session.order(FILES, { workers: 2, groups: session.groupPlan(FILES) })
  expect(jobs.map(({ key }) => key)).toEqual(['b', 'a', 'c', 'd'])
  expect(lowerBound).toMatchObject({ ms: expect.closeTo(900) as number, group: 'postgres' })
})

test('files whose tests took turns for most of the time are planned to take turns', async () => {
  const workspace = repository()
  const held = [{ name: 'ledger', mode: 'exclusive', ms: 280 }] as const
  const files = [aFile('a', 500), ...['b', 'c', 'd'].map((key) => ({ ...aFile(key, 300), held }))]
  writeRecord(join(workspace, '.heddle/history'), aRecord(files, { platform: PLATFORM }))
  const { session } = await openIn(workspace)
  const { jobs } = session.order(FILES, { workers: 2, groups: session.groupPlan(FILES) })
  expect(jobs.map(({ key }) => key)).toEqual(['b', 'a', 'c', 'd'])
})
