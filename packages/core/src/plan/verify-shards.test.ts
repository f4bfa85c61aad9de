import { expect, test } from 'vitest'
import { aFile, aRecord } from '../../fixtures/records.js'
import type { RunHeader, RunRecord } from '../history/run-record.js'
import { verifyShards } from './verify-shards.js'

interface ShardRun {
  readonly index: number
  readonly count?: number
  readonly fingerprint?: string
  readonly ran: readonly string[]
  readonly notRun?: readonly string[]
  readonly header?: Partial<RunHeader>
}

let clock = 1000

/** The record of one shard; each starts after the one before. */
function aShard({ index, count = 2, fingerprint = 'f', ran, notRun = [], header }: ShardRun): RunRecord {
  const files = [
    ...ran.map((key) => aFile(key)),
    ...notRun.map((key) => aFile(key, 0, { outcome: 'not-run', isPartial: true })),
  ]
  const shard = { index, count, fingerprint }
  return aRecord(files, { runId: 'p1', isPipeline: true, startedAt: clock++, shard, ...header })
}

const problemsOf = (records: readonly RunRecord[]) => verifyShards(records).flatMap((suite) => suite.problems)

test('shards that ran every planned file once have no problems', () => {
  const records = [aShard({ index: 1, ran: ['a', 'b'] }), aShard({ index: 2, ran: ['c'] })]
  expect(verifyShards(records)).toEqual([{ name: 'vitest (linux-x64, Node 20)', shards: 2, files: 3, problems: [] }])
})

test('records of whole runs are no shards', () => {
  expect(verifyShards([])).toEqual([])
  expect(verifyShards([aRecord({ a: 1 })])).toEqual([])
})

test('a shard without a record is missing', () => {
  expect(problemsOf([aShard({ index: 1, count: 3, ran: ['a'] }), aShard({ index: 3, count: 3, ran: ['c'] })])).toEqual([
    'shard 2/3 left no record: it did not run, or its history was not collected',
  ])
})

test('shards that used different plans are told apart by plan', () => {
  const records = [aShard({ index: 1, ran: ['a'] }), aShard({ index: 2, fingerprint: 'g', ran: ['b'] })]
  expect(problemsOf(records)).toEqual([
    'the shards used different plans, so files may have been lost or repeated: 1 used f of 2; 2 used g of 2',
  ])
})

test('shards of different counts used different plans', () => {
  const records = [aShard({ index: 1, count: 2, ran: ['a'] }), aShard({ index: 2, count: 3, ran: ['b'] })]
  expect(problemsOf(records)).toEqual([
    'shard 3/3 left no record: it did not run, or its history was not collected',
    'the shards used different plans, so files may have been lost or repeated: 1 used f of 2; 2 used f of 3',
  ])
})

test('a file that ran in two shards is told with both, lowest first', () => {
  const records = [aShard({ index: 2, ran: ['b'] }), aShard({ index: 1, ran: ['a', 'b\tunit'] })]
  const twice = [...records, aShard({ index: 2, ran: ['b\tunit'] })]
  expect(problemsOf(twice)).toEqual(['unit › b ran more than once, in shards 1 and 2'])
})

test('a file that was planned and never ran is told once, also when several shards planned it', () => {
  const records = [aShard({ index: 1, ran: ['a'], notRun: ['b'] }), aShard({ index: 2, ran: ['c'], notRun: ['b'] })]
  expect(problemsOf(records)).toEqual(['b was planned, but never ran'])
})

test('a file that one shard did not finish and another ran is no loss', () => {
  const records = [aShard({ index: 1, ran: ['a'], notRun: ['b'] }), aShard({ index: 2, ran: ['b'] })]
  expect(problemsOf(records)).toEqual([])
})

test('failed, skipped and crashed files did run', () => {
  const files = (['failed', 'skipped', 'crashed'] as const).map((outcome) => aFile(outcome, 1, { outcome }))
  const shard = { index: 1, count: 1, fingerprint: 'f' }
  expect(verifyShards([aRecord(files, { shard })])).toMatchObject([{ files: 3, problems: [] }])
})

test('a shard that was run again replaces its first try, in whatever order the records come', () => {
  const first = aShard({ index: 1, ran: [], notRun: ['a'] })
  const other = aShard({ index: 2, ran: ['b'] })
  const again = aShard({ index: 1, ran: ['a'] })
  expect(problemsOf([first, other, again])).toEqual([])
  expect(problemsOf([again, other, first])).toEqual([])
  expect(problemsOf([first, other])).toEqual(['a was planned, but never ran'])
})

test('each platform of a matrix is a suite of its own', () => {
  const on = (platform: string) => [1, 2].map((index) => aShard({ index, ran: [`${index}`], header: { platform } }))
  const suites = verifyShards([...on('linux-x64'), ...on('win32-x64').slice(1)])
  expect(suites.map(({ name, shards }) => [name, shards])).toEqual([
    ['vitest (linux-x64, Node 20)', 2],
    ['vitest (win32-x64, Node 20)', 1],
  ])
  expect(suites.map(({ problems }) => problems.length)).toEqual([0, 1])
})

test.each([
  ['Node version', { nodeMajor: 22 }, 'vitest (linux-x64, Node 22)'],
  ['host', { host: 'jest' }, 'jest (linux-x64, Node 20)'],
  ['directory', { root: 'packages/api' }, 'vitest in packages/api (linux-x64, Node 20)'],
])('each %s is a suite of its own', (_, header, name) => {
  const whole = { count: 1, index: 1, ran: ['a'] }
  const suites = verifyShards([aShard(whole), aShard({ ...whole, header })])
  expect(suites.map((suite) => suite.name)).toEqual(['vitest (linux-x64, Node 20)', name])
  expect(suites.flatMap((suite) => suite.problems)).toEqual([])
})

test('older pipelines in the same directory are ignored', () => {
  const older = [1, 2, 3].map((index) => aShard({ index, count: 3, fingerprint: 'old', ran: [`old-${index}`] }))
  const newer = [1, 2].map((index) => aShard({ index, ran: [`${index}`], header: { runId: 'p2' } }))
  expect(verifyShards([...newer, ...older])).toMatchObject([{ shards: 2, files: 2, problems: [] }])
})

test('local runs do not take part where a pipeline left records', () => {
  const local = aShard({ index: 2, fingerprint: 'local', ran: ['b'], header: { isPipeline: false, runId: 'random' } })
  expect(problemsOf([aShard({ index: 1, ran: ['a'] }), aShard({ index: 2, ran: ['b'] }), local])).toEqual([])
})

test('without a pipeline the newest record of each shard counts', () => {
  const local = (index: number, fingerprint: string) =>
    aShard({ index, fingerprint, ran: [`${index}`], header: { isPipeline: false, runId: `${clock}` } })
  expect(problemsOf([local(1, 'old'), local(2, 'old'), local(1, 'new'), local(2, 'new')])).toEqual([])
  expect(problemsOf([local(1, 'old'), local(2, 'new')])).toHaveLength(1)
})

test('the list of records is left alone', () => {
  const records = [aShard({ index: 2, ran: [] }), aShard({ index: 1, ran: [] })].reverse()
  const given = [...records]
  verifyShards(records)
  expect(records).toEqual(given)
})
