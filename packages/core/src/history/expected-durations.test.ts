import { expect, test } from 'vitest'
import { aFile, aRecord } from '../../fixtures/records.js'
import { expectedDurations, type Expectation } from './expected-durations.js'
import type { FileRecord, RunHeader, RunRecord } from './run-record.js'

const HERE = 'linux-x64'
const FILES = Array.from({ length: 40 }, (_, i) => `f${i}`)
/** Times from 100 ms to about 10 s. */
const TRUE_MS = new Map(FILES.map((key, i) => [key, 100 * 1.125 ** i]))

/** A run of all files that suffered by `inflation`. */
function aRun(inflation = 1, changes: Partial<RunHeader> = {}): RunRecord {
  return aRecord(
    FILES.map((key) => aFile(key, trueMs(key) * inflation)),
    changes,
  )
}

const only = (file: FileRecord, changes: Partial<RunHeader> = {}): RunRecord => aRecord([file], changes)
const expectationOf = (records: readonly RunRecord[], key = 'a'): Expectation | undefined =>
  expectedDurations(records, HERE).get(key)
const msOf = (records: readonly RunRecord[], key = 'a'): number => expectationOf(records, key)?.durationMs ?? NaN

function trueMs(key: string): number {
  return TRUE_MS.get(key) ?? NaN
}

function worstRatio(records: readonly RunRecord[]): number {
  const ratios = FILES.map((key) => msOf(records, key) / trueMs(key))
  return Math.max(...ratios.map((ratio) => Math.max(ratio, 1 / ratio)))
}

test('nothing measured, nothing expected', () => {
  expect(expectedDurations([], HERE)).toEqual(new Map())
  expect(expectedDurations([aRecord([])], HERE)).toEqual(new Map())
})

test('one measurement is the expectation', () => {
  const expectation = expectationOf([aRecord({ a: 250 })])
  expect(expectation).toMatchObject({ samples: 1, hasFailed: false })
  expect(expectation?.durationMs).toBeCloseTo(250, 6)
})

test('no expectation is below 1 ms', () => {
  expect(msOf([aRecord({ a: 0 })])).toBe(1)
})

test('one slow measurement of a file is taken for noise', () => {
  const runs = [aRun(), aRun(), aRun(), aRun(), aRun()]
  const noisy = aRecord(FILES.map((key) => aFile(key, key === 'f3' ? 9000 : trueMs(key))))
  expect(msOf([...runs, noisy], 'f3')).toBeLessThan(1.3 * trueMs('f3'))
})

test('a cold run, inflated 19 times, is forgotten after the first warm one', () => {
  const cold = aRun(19, { isCold: true })
  expect(worstRatio([cold])).toBeCloseTo(19, 1)
  expect(worstRatio([cold, aRun()])).toBeLessThan(1.01)
})

test('a cold run after warm ones changes nothing', () => {
  expect(worstRatio([aRun(), aRun(), aRun(19, { isCold: true })])).toBeLessThan(1.01)
})

test('files measured only cold are comparable with those measured warm, since or before', () => {
  const half = FILES.filter((_, i) => i % 2 === 0)
  const cold = aRun(19, { isCold: true })
  const warm = aRecord(half.map((key) => aFile(key, trueMs(key))))
  expect(worstRatio([cold, warm])).toBeLessThan(2)
  expect(worstRatio([warm, cold])).toBeLessThan(2)
})

test('files measured only elsewhere are comparable with those measured here since', () => {
  const half = FILES.filter((_, i) => i % 2 === 0)
  const runs = [aRun(6, { platform: 'win32-x64' }), aRecord(half.map((key) => aFile(key, trueMs(key))))]
  expect(worstRatio(runs)).toBeLessThan(1.5)
})

test('cold runs are better than none', () => {
  expect(msOf([aRecord({ a: 500 }, { isCold: true })])).toBeCloseTo(500, 6)
})

test('an overloaded run, everything 3 times slower, is corrected', () => {
  expect(worstRatio([aRun(), aRun(), aRun(3)])).toBeLessThan(1.5)
  expect(worstRatio([aRun(), aRun(3), aRun(), aRun()])).toBeLessThan(1.1)
})

test('an overloaded run over half of the files does not put them before the others', () => {
  const half = FILES.filter((_, i) => i % 2 === 0)
  const overloaded = aRecord(half.map((key) => aFile(key, trueMs(key) * 3)))
  const runs = [aRun(), aRun(), overloaded]
  const order = [...FILES].sort((a, b) => msOf(runs, a) - msOf(runs, b))
  expect(order).toEqual(FILES)
})

test('when all runs become slower, so do the expectations', () => {
  const slower = Array.from({ length: 6 }, () => aRun(2))
  expect(msOf([aRun(), aRun(), ...slower], 'f5')).toBeGreaterThan(1.8 * trueMs('f5'))
})

test('a file that got truly slower is believed after a few runs of it alone', () => {
  const alone = only(aFile('f2', 10 * trueMs('f2')))
  const before = [aRun(), aRun(), aRun()]
  expect(msOf([...before, alone], 'f2')).toBeLessThan(3 * trueMs('f2'))
  expect(msOf([...before, alone, alone, alone, alone], 'f2')).toBeGreaterThan(7 * trueMs('f2'))
})

test.each([1, 2, 3, 4, 5])('%d runs of one file alone do not change what is expected of the others', (count) => {
  const alone = Array.from({ length: count }, () => only(aFile('f2', 10 * trueMs('f2'))))
  const runs = [aRun(), aRun(), aRun(), aRun(), aRun(), ...alone]
  for (const key of ['f1', 'f3', 'f39']) {
    expect(msOf(runs, key) / trueMs(key)).toBeGreaterThan(0.6)
    expect(msOf(runs, key) / trueMs(key)).toBeLessThan(1.6)
  }
})

test('a file that got faster is believed after a few runs', () => {
  const faster = aRecord(FILES.map((key) => aFile(key, key === 'f30' ? 100 : trueMs(key))))
  expect(msOf([aRun(), aRun(), aRun(), aRun(), faster, faster, faster, faster], 'f30')).toBeLessThan(200)
})

test('only the newest ten measurements count', () => {
  const runs = Array.from({ length: 25 }, (_, i) => aRecord({ a: i < 15 ? 9000 : 100 }))
  expect(expectationOf(runs)?.samples).toBe(10)
  expect(msOf(runs)).toBeCloseTo(100, 0)
})

test('another platform counts only for files never measured on this one', () => {
  const there = { platform: 'win32-x64' }
  expect(msOf([aRecord({ a: 100 }), aRecord({ a: 900 }, there)])).toBeCloseTo(100, 6)
  expect(msOf([aRecord({ a: 900 }, there)])).toBeCloseTo(900, 6)
})

test('a cold run here is worth more than a warm one elsewhere', () => {
  const runs = [aRecord({ a: 100 }, { isCold: true }), aRecord({ a: 900 }, { platform: 'win32-x64' })]
  expect(msOf(runs)).toBeCloseTo(100, 6)
})

test.each([
  ['partial', aFile('a', 5, { isPartial: true })],
  ['crashed', aFile('a', 5, { outcome: 'crashed' })],
  ['skipped', aFile('a', 5, { outcome: 'skipped' })],
  ['not run', aFile('a', 0, { outcome: 'not-run', isPartial: true })],
])('a file that was %s says nothing about its duration', (_, file) => {
  expect(expectationOf([only(file)])).toBeUndefined()
  expect(expectationOf([aRecord({ a: 300 }), only(file)])?.samples).toBe(1)
  expect(msOf([aRecord({ a: 300 }), only(file)])).toBeCloseTo(300, 6)
})

test('a failed file was measured as well as a passed one', () => {
  expect(msOf([only(aFile('a', 300, { outcome: 'failed' }))])).toBeCloseTo(300, 6)
})

test.each([
  [['passed', 'failed'], true],
  [['passed', 'crashed'], true],
  [['failed', 'passed'], false],
  [['failed', 'skipped'], false],
  [['failed', 'not-run'], true],
  [['passed', 'not-run'], false],
] as const)('after %s the answer to whether it failed is %s', (outcomes, hasFailed) => {
  const runs = [aRecord({ a: 1 }), ...outcomes.map((outcome) => only(aFile('a', 10, { outcome })))]
  expect(expectationOf(runs)?.hasFailed).toBe(hasFailed)
})

test('a failure on another platform is a failure', () => {
  const failed = only(aFile('a', 10, { outcome: 'failed' }), { platform: 'win32-x64' })
  expect(expectationOf([aRecord({ a: 1 }), failed])?.hasFailed).toBe(true)
})

test('expectations do not depend on whether records share their keys', () => {
  const shared = [aRun(1), aRun(2), aRun(0.7)]
  const { keys } = aRun()
  const same = shared.map((record) => ({ ...record, keys }))
  expect(expectedDurations(same, HERE)).toEqual(expectedDurations(shared, HERE))
})

test('under random load and noise, expectations beat the last run', () => {
  const random = createRandom(1)
  const trials = Array.from({ length: 20 }, () => simulate(random))
  const better = trials.filter(({ ours, last }) => ours.error < last.error && ours.correlation > last.correlation)
  expect(better.length).toBeGreaterThanOrEqual(18)
  expect(mean(trials.map(({ ours }) => ours.error))).toBeLessThan(0.7 * mean(trials.map(({ last }) => last.error)))
  expect(mean(trials.map(({ ours }) => ours.correlation))).toBeGreaterThan(0.97)
})

interface Quality {
  /** Mean distance of the logarithms, after the best common factor. */
  readonly error: number
  /** Spearman's, of the ranks. */
  readonly correlation: number
}

/** Six runs, each 0.5 to 3 times slower as a whole, over 70 % of the files, each of which varies by itself. */
function simulate(random: () => number): { ours: Quality; last: Quality } {
  const last = new Map<string, number>()
  const runs = Array.from({ length: 6 }, (_, run) => {
    const inflation = 0.5 + 2.5 * random()
    const files = FILES.filter(() => run === 0 || random() < 0.7)
    const measured = files.map((key) => aFile(key, trueMs(key) * inflation * Math.exp(0.25 * gaussian(random))))
    for (const { key, durationMs } of measured) last.set(key, durationMs)
    return aRecord(measured)
  })
  const ours = new Map(FILES.map((key) => [key, msOf(runs, key)]))
  return { ours: qualityOf(ours), last: qualityOf(last) }
}

function qualityOf(estimates: ReadonlyMap<string, number>): Quality {
  const logs = FILES.map((key) => Math.log((estimates.get(key) ?? NaN) / trueMs(key)))
  const common = mean(logs)
  const ranked = [...FILES].sort((a, b) => (estimates.get(a) ?? 0) - (estimates.get(b) ?? 0))
  const squares = FILES.map((key, i) => (ranked.indexOf(key) - i) ** 2)
  const n = FILES.length
  return {
    error: mean(logs.map((log) => Math.abs(log - common))),
    correlation: 1 - (6 * mean(squares) * n) / (n * (n * n - 1)),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Park and Miller's generator: the same numbers in every run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Box and Muller. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
