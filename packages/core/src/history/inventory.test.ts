import { expect, it } from 'vitest'
import { takeInventory } from './inventory.js'
import { createRunRecord, type FileRecord, type RunHeader, type RunRecord } from './run-record.js'

const header: RunHeader = {
  runId: 'r1',
  isPipeline: false,
  startedAt: 1000,
  host: 'vitest',
  hostVersion: '4.1.12',
  root: '',
  platform: 'linux-x64',
  nodeMajor: 20,
  workers: 2,
  cpus: 2,
  isCold: false,
}

function file(key: string, durationMs: number, rest: Partial<FileRecord> = {}): FileRecord {
  return { key, durationMs, waitMs: 0, tests: 1, retries: 0, outcome: 'passed', isPartial: false, load: 0, ...rest }
}

function record(files: readonly FileRecord[], rest: Partial<RunHeader> = {}): RunRecord {
  return createRunRecord({ ...header, ...rest }, files)
}

it('lists the slowest file first, with its share of the total', () => {
  const { files, totalMs } = takeInventory([record([file('a', 100), file('b', 300)])], 'linux-x64')
  expect(files.map(({ key }) => key)).toEqual(['b', 'a'])
  expect(totalMs).toBeCloseTo(400)
  expect(files[0]?.share).toBeCloseTo(0.75)
})

it('knows the range, the newest measurement and its time', () => {
  const records = [100, 300, 200].map((ms, i) => record([file('a', ms)], { startedAt: i }))
  expect(takeInventory(records, 'linux-x64').files[0]?.measured).toEqual({
    runs: 3,
    minMs: 100,
    maxMs: 300,
    lastMs: 200,
    lastAt: 2,
  })
})

it('counts shards of one pipeline as one run', () => {
  const records = ['p1', 'p1', 'p2'].map((runId, i) => record([file('a', 1)], { runId, startedAt: i + 5 }))
  expect(takeInventory(records, 'linux-x64')).toMatchObject({ records: 3, runs: 2, period: { firstAt: 5, lastAt: 7 } })
})

it('measures on the platform asked for, and on others only without one there', () => {
  const records = [
    record([file('a', 100)]),
    record([file('a', 900), file('b', 50)], { platform: 'darwin-arm64', startedAt: 2000 }),
  ]
  const { files, platforms } = takeInventory(records, 'linux-x64')
  expect(files.map(({ key, measured }) => [key, measured?.lastMs])).toEqual([
    ['a', 100],
    ['b', 50],
  ])
  expect(platforms).toEqual(['darwin-arm64', 'linux-x64'])
})

it('says that a file failed in its newest run, also if only part of it ran', () => {
  const passedThenFailed = [
    record([file('a', 100)]),
    record([file('a', 5, { outcome: 'failed', isPartial: true })], { startedAt: 2000 }),
  ]
  expect(takeInventory(passedThenFailed, 'linux-x64').files[0]).toMatchObject({
    hasFailed: true,
    measured: { runs: 1, lastMs: 100 },
  })
  expect(takeInventory(passedThenFailed.toReversed(), 'linux-x64').files[0]?.hasFailed).toBe(false)
})

it('lists a file that only ever crashed last and without times', () => {
  const { files } = takeInventory([record([file('a', 900, { outcome: 'crashed' }), file('b', 1)])], 'linux-x64')
  expect(files[1]).toEqual({ key: 'a', expectedMs: undefined, share: 0, measured: undefined, hasFailed: true })
})

it('leaves out files that were planned but never ran', () => {
  expect(takeInventory([record([file('a', 0, { outcome: 'not-run' })])], 'linux-x64').files).toEqual([])
})

it('is empty for an empty history', () => {
  expect(takeInventory([], 'linux-x64')).toEqual({
    records: 0,
    runs: 0,
    period: undefined,
    platforms: [],
    totalMs: 0,
    files: [],
  })
})
