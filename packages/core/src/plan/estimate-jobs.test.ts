import { expect, test } from 'vitest'
import type { Expectation } from '../history/expected-durations.js'
import { estimateJobs, type FoundFile } from './estimate-jobs.js'

const files = (...keys: string[]): FoundFile[] => keys.map((key) => ({ key }))
const known = (times: Readonly<Record<string, number>>): Map<string, Expectation> =>
  new Map(Object.entries(times).map(([key, durationMs]) => [key, { durationMs, samples: 1, hasFailed: false }]))
const msOf = (jobs: readonly { key: string; expectedMs: number }[]) =>
  Object.fromEntries(jobs.map((job) => [job.key, job.expectedMs]))

test('a measured file gets its expectation', () => {
  const expectations = new Map([['a', { durationMs: 70, samples: 3, hasFailed: true }]])
  expect(estimateJobs([{ key: 'a', stage: 2, batch: 'x' }], { expectations, bytesOf: () => 1 })).toEqual([
    { key: 'a', expectedMs: 70, isKnown: true, hasFailed: true, stage: 2, batch: 'x' },
  ])
})

test('stage and batch have defaults', () => {
  const [job] = estimateJobs(files('a'), { expectations: known({ a: 1 }), bytesOf: () => 1 })
  expect(job).toMatchObject({ stage: 0, batch: undefined })
})

test('what an adapter attached to a file stays on its job', () => {
  const specification = { moduleId: '/a' }
  const [job] = estimateJobs([{ key: 'a', specification }], { expectations: known({}), bytesOf: () => 1 })
  expect(job?.specification).toBe(specification)
})

test('an unmeasured file of usual size gets the median of the measured ones', () => {
  const expectations = known({ a: 10, b: 20, c: 900 })
  const jobs = estimateJobs(files('a', 'b', 'c', 'new'), { expectations, bytesOf: () => 500 })
  expect(jobs[3]).toEqual({
    key: 'new',
    expectedMs: 20,
    isKnown: false,
    hasFailed: false,
    stage: 0,
    batch: undefined,
  })
})

test('an unmeasured file scales with the square root of its size, up to 4 times', () => {
  const bytes: Record<string, number> = { a: 100, four: 400, huge: 1e9, tiny: 1, empty: 0 }
  const jobs = estimateJobs(files('a', 'four', 'huge', 'tiny', 'empty'), {
    expectations: known({ a: 100 }),
    bytesOf: (key) => bytes[key] ?? 0,
  })
  expect(msOf(jobs)).toEqual({ a: 100, four: 200, huge: 400, tiny: 25, empty: 25 })
})

test('measurements of files that are not in this run are no yardstick', () => {
  const jobs = estimateJobs(files('a', 'new'), { expectations: known({ a: 10, elsewhere: 9999 }), bytesOf: () => 1 })
  expect(msOf(jobs)).toEqual({ a: 10, new: 10 })
})

test('with nothing measured, size alone makes the order, without a limit', () => {
  const sizes = [0, 1, 10, 1000, 1e5, 1e9]
  const jobs = estimateJobs(files(...sizes.map(String)), { expectations: known({}), bytesOf: Number })
  const times = jobs.map((job) => job.expectedMs)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(new Set(times.slice(1)).size).toBe(sizes.length - 1)
  expect(Math.min(...times)).toBe(1)
})

test('sizes are not looked up when every file is measured', () => {
  const bytesOf = () => expect.unreachable()
  expect(estimateJobs(files('a'), { expectations: known({ a: 5 }), bytesOf })).toHaveLength(1)
})

test('of many measured files only some are looked up', () => {
  const keys = Array.from({ length: 1000 }, (_, i) => `f${i}`)
  let lookups = 0
  estimateJobs(files(...keys, 'new'), {
    expectations: known(Object.fromEntries(keys.map((key) => [key, 5]))),
    bytesOf: () => ++lookups,
  })
  expect(lookups).toBeLessThanOrEqual(201)
})

test('no files give no jobs', () => {
  expect(estimateJobs([], { expectations: known({}), bytesOf: () => 1 })).toEqual([])
})
