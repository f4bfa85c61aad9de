import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { lowerBoundOf, makespanOf } from './makespan.js'

const staged = fc.record({
  key: fc.string(),
  expectedMs: fc.integer({ min: 1, max: 10_000 }),
  stage: fc.integer({ min: 0, max: 2 }),
})
const single = staged.map((job) => ({ ...job, stage: 0 }))
const workerCount = fc.integer({ min: 1, max: 8 })
const jobsOf = (...times: number[]) => times.map((expectedMs, i) => ({ key: `${i}`, expectedMs, stage: 0 }))
const total = (jobs: readonly { expectedMs: number }[]): number => jobs.reduce((sum, job) => sum + job.expectedMs, 0)
const longest = (jobs: readonly { expectedMs: number }[]): number => Math.max(0, ...jobs.map((job) => job.expectedMs))

test('each free worker takes the next job', () => {
  expect(makespanOf(jobsOf(3, 1, 1, 1, 3), 2)).toBe(6)
  expect(makespanOf(jobsOf(3, 3, 1, 1, 1), 2)).toBe(5)
})

test('a stage begins when the last job of the one before it has ended', () => {
  const jobs = [
    { expectedMs: 10, stage: 0 },
    { expectedMs: 2, stage: 0 },
    { expectedMs: 5, stage: 1 },
  ]
  expect(makespanOf(jobs, 2)).toBe(15)
})

test('no jobs take no time, whatever the number of workers', () => {
  for (const workers of [0, 1, 4]) {
    expect(makespanOf([], workers)).toBe(0)
    expect(lowerBoundOf([], workers)).toEqual({ ms: 0, key: undefined })
  }
})

test('fewer than one worker counts as one', () => {
  const jobs = jobsOf(3, 4)
  for (const workers of [0, -1]) {
    expect(makespanOf(jobs, workers)).toBe(7)
    expect(lowerBoundOf(jobs, workers)).toEqual({ ms: 7, key: undefined })
  }
})

test('the lower bound names the file that sets it', () => {
  expect(lowerBoundOf(jobsOf(2, 10, 3), 2)).toEqual({ ms: 10, key: '1' })
})

test('the lower bound names no file when the total work sets it', () => {
  expect(lowerBoundOf(jobsOf(4, 4, 4), 2)).toEqual({ ms: 6, key: undefined })
  expect(lowerBoundOf(jobsOf(6, 3, 3), 2)).toEqual({ ms: 6, key: undefined })
})

test('no schedule beats the lower bound', () => {
  fc.assert(
    fc.property(fc.array(staged), workerCount, (jobs, workers) => {
      expect(makespanOf(jobs, workers)).toBeGreaterThanOrEqual(lowerBoundOf(jobs, workers).ms - 1e-6)
    }),
  )
})

test('no order of one stage is worse than the bound for list schedules (Graham 1966)', () => {
  fc.assert(
    fc.property(fc.array(single), workerCount, (jobs, workers) => {
      const bound = total(jobs) / workers + (1 - 1 / workers) * longest(jobs)
      expect(makespanOf(jobs, workers)).toBeLessThanOrEqual(bound + 1e-6)
    }),
  )
})

test('one worker takes the sum, and enough workers take the longest', () => {
  fc.assert(
    fc.property(fc.array(single), (jobs) => {
      expect(makespanOf(jobs, 1)).toBe(total(jobs))
      expect(makespanOf(jobs, jobs.length + 1)).toBe(longest(jobs))
    }),
  )
})
