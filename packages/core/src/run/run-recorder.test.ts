import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith, writeInto } from '../../fixtures/directories.js'
import { readHistory } from '../history/read-history.js'
import { filesOf } from '../history/run-record.js'
import type { HeddleOptions } from '../options/options.js'
import { RunRecorder, type FileMeasurement, type RunStart } from './run-recorder.js'
import { openSession, PLATFORM, type Session } from './session.js'

const START: RunStart = { host: 'vitest', hostVersion: '4.1.12', workers: 2, isCold: false }

interface Bench {
  readonly session: Session
  readonly workspace: string
  readonly printed: string[]
}

async function openBench(inline: HeddleOptions = {}, env: NodeJS.ProcessEnv = {}): Promise<Bench> {
  const workspace = dirWith({ '.git/HEAD': '', a: '', b: '', c: '', 'packages/api/package.json': '{}' })
  const printed: string[] = []
  const root = join(workspace, 'packages/api')
  const session = await openSession({ root, inline, env, print: (line) => printed.push(line) })
  return { session, workspace, printed }
}

function measured(slotMs: number, changes: Partial<FileMeasurement> = {}): FileMeasurement {
  return { slotMs, tests: 1, retries: 0, outcome: 'passed', isPartial: false, ...changes }
}

const clockOf = (...times: number[]) => {
  const [last = 0] = times.slice(-1)
  return (): number => times.shift() ?? last
}
const recordsOf = ({ session }: Bench) => readHistory([session.historyDir]).stored.map(({ record }) => record)

test('a run becomes one record with what is known about it', async () => {
  const bench = await openBench({}, { HEDDLE_RUN_ID: 'pipeline-7' })
  const shard = { index: 1, count: 2, fingerprint: 'f' }
  const recorder = new RunRecorder(bench.session, { ...START, isCold: true, shard }, clockOf(1000))
  const held = [{ name: 'ledger', mode: 'exclusive', ms: 7.2 }] as const
  recorder.add('a', measured(12.4, { tests: 3, retries: 1, held }))
  recorder.end()
  const [record, ...others] = recordsOf(bench)
  expect(others).toEqual([])
  expect(record?.header).toEqual({
    runId: 'pipeline-7',
    isPipeline: true,
    startedAt: 1000,
    host: 'vitest',
    hostVersion: '4.1.12',
    root: 'packages/api',
    platform: PLATFORM,
    nodeMajor: Number(process.versions.node.split('.')[0]),
    workers: 2,
    cpus: expect.any(Number) as number,
    isCold: true,
    shard,
  })
  expect(record && filesOf(record)).toMatchObject([
    { key: 'a', durationMs: 12, tests: 3, retries: 1, held: [{ name: 'ledger', mode: 'exclusive', ms: 7 }] },
  ])
})

test('time spent waiting is no part of the duration', async () => {
  const bench = await openBench()
  const recorder = new RunRecorder(bench.session, START)
  recorder.add('a', measured(100, { waitMs: 30 }))
  recorder.add('b', measured(10, { waitMs: 30 }))
  expect(recorder.end()?.waitMs).toBe(60)
  expect(recordsOf(bench)[0]?.columns).toMatchObject({ durationMs: [70, 0], waitMs: [30, 30] })
})

test('planned files that never ended are recorded as not run', async () => {
  const bench = await openBench()
  const recorder = new RunRecorder(bench.session, START)
  recorder.plan([{ key: 'b' }, { key: 'a' }])
  recorder.add('a', measured(5, { outcome: 'failed' }))
  expect([recorder.has('a'), recorder.has('b')]).toEqual([true, false])
  recorder.end()
  const [record] = recordsOf(bench)
  expect(record && filesOf(record)).toMatchObject([
    { key: 'a', outcome: 'failed', isPartial: false },
    { key: 'b', outcome: 'not-run', isPartial: true, durationMs: 0 },
  ])
})

test('files that were never planned are recorded as well', async () => {
  const bench = await openBench()
  const recorder = new RunRecorder(bench.session, START)
  recorder.plan([{ key: 'a' }])
  recorder.add('a', measured(5))
  recorder.add('c', measured(5))
  expect(recorder.end()?.files).toBe(2)
  expect(recordsOf(bench)[0]?.keys).toEqual(['a', 'c'])
})

test('a file that runs in several unnamed projects counts every time', async () => {
  const bench = await openBench()
  const recorder = new RunRecorder(bench.session, START)
  recorder.plan([{ key: 'a' }, { key: 'a' }])
  recorder.add('a', measured(100, { outcome: 'failed' }))
  recorder.add('a', measured(300))
  expect(recorder.end()).toMatchObject({ files: 2, lowerBound: { ms: 300, key: 'a' } })
  const [record] = recordsOf(bench)
  expect(record && filesOf(record)).toMatchObject([{ key: 'a', durationMs: 200, tests: 2, outcome: 'failed' }])
})

test('the summary is of the files that ran, in the order planned', async () => {
  const { session } = await openBench()
  const recorder = new RunRecorder(session, START, clockOf(1000, 1000, 1010, 1030))
  recorder.plan([{ key: 'a' }, { key: 'b' }, { key: 'c' }, { key: 'd' }])
  recorder.add('b', measured(10))
  recorder.add('c', measured(20))
  recorder.add('a', measured(10))
  expect(recorder.end()).toEqual({
    files: 3,
    workers: 2,
    makespanMs: 30,
    lowerBound: { ms: 20, key: undefined },
    gainMs: 10,
    waitMs: 0,
  })
})

test('what the host does before it plans is no part of the makespan', async () => {
  const { session } = await openBench()
  const recorder = new RunRecorder(session, START, clockOf(1000, 5000, 5040))
  recorder.plan([{ key: 'a' }])
  recorder.add('a', measured(40))
  expect(recorder.end()?.makespanMs).toBe(40)
})

test('stages hold back what could have been saved', async () => {
  const { session } = await openBench()
  const recorder = new RunRecorder(session, START)
  recorder.plan([{ key: 'a' }, { key: 'b', stage: 1 }, { key: 'c', stage: 1 }])
  for (const [key, ms] of [
    ['a', 10],
    ['b', 10],
    ['c', 20],
  ] as const)
    recorder.add(key, measured(ms))
  expect(recorder.end()?.gainMs).toBe(0)
})

test('groups hold back what could have been saved, and one can set the bound', async () => {
  const groups = { postgres: {} }
  const bench = await openBench({ groups, rules: [{ when: ({ file }) => !file.endsWith('c'), group: 'postgres' }] })
  const files = ['a', 'b', 'c'].map((key) => ({ key }))
  const recorder = new RunRecorder(bench.session, START, clockOf(0, 0, 100, 200))
  recorder.plan(files, bench.session.groupPlan(files))
  recorder.add('a', measured(100))
  recorder.add('b', measured(100))
  recorder.add('c', measured(10))
  expect(recorder.end()).toMatchObject({ gainMs: 0, lowerBound: { ms: 200, group: 'postgres' } })
})

test('the next order of the same process knows the run', async () => {
  const { session } = await openBench()
  const files = [{ key: 'a' }, { key: 'b' }]
  session.order(files, { workers: 1 })
  const recorder = new RunRecorder(session, START)
  recorder.add('a', measured(10))
  recorder.add('b', measured(900))
  recorder.end()
  expect(session.order(files, { workers: 1 }).jobs.map((job) => job.key)).toEqual(['b', 'a'])
  expect(session.records).toHaveLength(1)
})

test('a run ends once, however often its host ends', async () => {
  const bench = await openBench()
  const recorder = new RunRecorder(bench.session, START)
  recorder.add('a', measured(10))
  expect(recorder.end()).toBeDefined()
  expect(recorder.end()).toBeUndefined()
  expect(recordsOf(bench)).toHaveLength(1)
  expect(bench.session.records).toHaveLength(1)
})

test('a run in which nothing ran leaves no record', async () => {
  const bench = await openBench()
  const recorder = new RunRecorder(bench.session, START)
  recorder.plan([{ key: 'a' }])
  expect(recorder.end()).toBeUndefined()
  expect(recordsOf(bench)).toEqual([])
})

test('a directory that cannot be written costs one warning, not the run', async () => {
  const { session, printed, workspace } = await openBench({ dir: 'blocked' })
  writeInto(workspace, 'blocked/history', 'a file, not a directory')
  session.order([{ key: 'a' }], { workers: 1 })
  printed.length = 0
  const recorder = new RunRecorder(session, START)
  recorder.add('a', measured(10))
  expect(recorder.end()).toMatchObject({ files: 1 })
  expect(printed).toEqual([expect.stringMatching(/^HEDDLE_HISTORY_UNWRITABLE: Cannot write history file /)])
})

test('the history is pruned to the runs wanted, a quarter of them at a time', async () => {
  const bench = await openBench({ history: { runs: 4 } })
  const kept: number[] = []
  for (let run = 0; run < 8; run++) {
    const recorder = new RunRecorder(bench.session, START, () => 1000 + run)
    recorder.add('a', measured(10))
    recorder.end()
    kept.push(readdirSync(bench.session.historyDir).length)
  }
  expect(kept).toEqual([1, 2, 3, 4, 5, 4, 5, 4])
  expect(recordsOf(bench).map((record) => record.header.startedAt)).toEqual([1004, 1005, 1006, 1007])
  expect(bench.printed).toEqual([])
})

test.each([
  [0, 1],
  [NaN, 1],
  [2.5, 2],
  [-3, 1],
])('a host that claims %d workers leaves a record that can be read, with %d', async (claimed, workers) => {
  const bench = await openBench()
  const recorder = new RunRecorder(bench.session, { ...START, workers: claimed })
  recorder.add('a', measured(10))
  expect(recorder.end()).toMatchObject({ workers, lowerBound: { ms: 10 } })
  expect(recordsOf(bench)[0]?.header.workers).toBe(workers)
})

test('a clock with fractions leaves a record that can be read', async () => {
  const bench = await openBench()
  const recorder = new RunRecorder(bench.session, START, () => 1000.7)
  recorder.add('a', measured(10))
  recorder.end()
  expect(recordsOf(bench)[0]?.header.startedAt).toBe(1000)
})
