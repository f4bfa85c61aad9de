import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Job } from './job.js'
import { planOrder } from './plan-order.js'

const anyJob = fc.record({
  key: fc.string(),
  expectedMs: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.double({ min: 1, max: 6, noNaN: true })),
  isKnown: fc.boolean(),
  hasFailed: fc.boolean(),
  stage: fc.integer({ min: 0, max: 2 }),
  batch: fc.option(fc.constantFrom('', 'a', 'b'), { nil: undefined }),
})
const anyJobs = fc.uniqueArray(anyJob, { selector: (job) => job.key })
const anyOptions = fc.record({ workers: fc.integer({ min: 1, max: 5 }), failedFirst: fc.boolean() })

function aJob(key: string, expectedMs: number, changes: Partial<Job> = {}): Job {
  return { key, expectedMs, isKnown: true, hasFailed: false, stage: 0, batch: undefined, ...changes }
}

const keysOf = (jobs: readonly Job[]): string[] => jobs.map((job) => job.key)

test('the slowest job starts first', () => {
  const { jobs } = planOrder([aJob('a', 1), aJob('b', 3), aJob('c', 2)], { workers: 2 })
  expect(keysOf(jobs)).toEqual(['b', 'c', 'a'])
})

test('jobs that take equally long are ordered by code unit of their keys', () => {
  const { jobs } = planOrder([aJob('b', 1), aJob('ä', 1), aJob('B', 1), aJob('a', 1)], { workers: 2 })
  expect(keysOf(jobs)).toEqual(['B', 'a', 'b', 'ä'])
})

test('what failed last time starts first only when asked for', () => {
  const input = [aJob('slow', 9), aJob('failed', 1, { hasFailed: true })]
  expect(keysOf(planOrder(input, { workers: 1 }).jobs)).toEqual(['slow', 'failed'])
  expect(keysOf(planOrder(input, { workers: 1, failedFirst: true }).jobs)).toEqual(['failed', 'slow'])
})

test('a lower stage goes before a slower job of a higher one', () => {
  const { jobs } = planOrder([aJob('late', 9, { stage: 1 }), aJob('early', 1)], { workers: 1 })
  expect(keysOf(jobs)).toEqual(['early', 'late'])
})

test('a batch stands where its slowest job would stand alone', () => {
  const input = [aJob('x1', 8, { batch: 'x' }), aJob('x2', 1, { batch: 'x' }), aJob('alone', 5), aJob('slowest', 9)]
  expect(keysOf(planOrder(input, { workers: 1 }).jobs)).toEqual(['slowest', 'x1', 'x2', 'alone'])
})

test('batches of the same name in two stages are two batches', () => {
  const input = [aJob('a', 1, { batch: 'x' }), aJob('b', 9, { batch: 'x', stage: 1 }), aJob('c', 5)]
  expect(keysOf(planOrder(input, { workers: 1 }).jobs)).toEqual(['c', 'a', 'b'])
})

test('batches stay apart even when their slowest jobs are one file of two projects without a name', () => {
  const input = ['x', 'y', 'x', 'y'].map((batch, i) => aJob(i < 2 ? 'twin' : `${batch}2`, i < 2 ? 9 : 1, { batch }))
  expect(planOrder(input, { workers: 1 }).jobs.map((job) => job.batch)).toEqual(['x', 'x', 'y', 'y'])
  expect(planOrder([...input].reverse(), { workers: 1 }).jobs.map((job) => job.batch)).toEqual(['x', 'x', 'y', 'y'])
})

test('the plan tells its makespan and what no order can beat', () => {
  const plan = planOrder([aJob('a', 2), aJob('b', 3), aJob('c', 2)], { workers: 2 })
  expect(plan).toMatchObject({ expectedMakespanMs: 4, lowerBound: { ms: 3.5, key: undefined } })
})

test('no jobs give an empty plan', () => {
  expect(planOrder([], { workers: 4 })).toEqual({
    jobs: [],
    expectedMakespanMs: 0,
    lowerBound: { ms: 0, key: undefined },
  })
})

test('a plan holds exactly the jobs it was given and leaves the list alone', () => {
  fc.assert(
    fc.property(fc.array(anyJob), anyOptions, (jobs, options) => {
      const given = [...jobs]
      const planned = planOrder(jobs, options).jobs
      expect(jobs).toEqual(given)
      expect(planned).toHaveLength(jobs.length)
      expect(new Set(planned)).toEqual(new Set(jobs))
    }),
  )
})

test('the order of the input does not matter', () => {
  const shuffled = anyJobs.chain((jobs) =>
    fc.tuple(fc.constant(jobs), fc.shuffledSubarray(jobs, { minLength: jobs.length, maxLength: jobs.length })),
  )
  fc.assert(
    fc.property(shuffled, anyOptions, ([jobs, others], options) => {
      expect(planOrder(others, options)).toEqual(planOrder(jobs, options))
    }),
  )
})

test('stages ascend', () => {
  fc.assert(
    fc.property(anyJobs, anyOptions, (jobs, options) => {
      const stages = planOrder(jobs, options).jobs.map((job) => job.stage)
      expect(stages).toEqual([...stages].sort((a, b) => a - b))
    }),
  )
})

test('the jobs of a batch are neighbours', () => {
  fc.assert(
    fc.property(anyJobs, anyOptions, (jobs, options) => {
      const names = segmentsOf(planOrder(jobs, options).jobs)
        .filter(([head]) => head?.batch !== undefined)
        .map(([head]) => `${head?.stage} ${head?.batch}`)
      expect(new Set(names).size).toBe(names.length)
    }),
  )
})

test('within a stage batches go slowest first by their heads, and within a batch jobs do', () => {
  fc.assert(
    fc.property(anyJobs, anyOptions, (jobs, options) => {
      const segments = segmentsOf(planOrder(jobs, options).jobs)
      const heads = segments.flatMap(([head]) => head ?? [])
      for (const stage of [0, 1, 2]) {
        expectSlowestFirst(
          heads.filter((head) => head.stage === stage),
          options.failedFirst,
        )
      }
      for (const segment of segments) expectSlowestFirst(segment, options.failedFirst)
    }),
  )
})

/** Runs of neighbours that share a batch; a job without one is a run of its own. */
function segmentsOf(jobs: readonly Job[]): Job[][] {
  const segments: Job[][] = []
  for (const job of jobs) {
    const last = segments.at(-1)
    const belongs = job.batch !== undefined && last?.[0]?.batch === job.batch && last[0].stage === job.stage
    if (belongs) last.push(job)
    else segments.push([job])
  }
  return segments
}

function expectSlowestFirst(jobs: readonly Job[], failedFirst: boolean): void {
  const urgency = (job: Job): number => (failedFirst && job.hasFailed ? 1000 : 0) + job.expectedMs
  const urgencies = jobs.map(urgency)
  expect(urgencies).toEqual([...urgencies].sort((a, b) => b - a))
}
