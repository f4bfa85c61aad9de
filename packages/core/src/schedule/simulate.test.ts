import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Job } from '../plan/job.js'
import { endOf, lowerBoundOf, makespanOf } from '../plan/makespan.js'
import { planOrder } from '../plan/plan-order.js'
import { simulate } from './simulate.js'

const LIMITS = new Map([
  ['db', 1],
  ['api', 2],
])
const anyMember = fc.record({
  group: fc.constantFrom('db', 'api'),
  mode: fc.constantFrom('shared' as const, 'exclusive' as const),
})
const anyDemand = fc.record({
  groups: fc.uniqueArray(anyMember, { maxLength: 2, selector: ({ group }) => group }),
  weight: fc.constantFrom(1, 1, 2, 3, 'all' as const),
  priority: fc.constant(0),
})
const anyJob = fc.record({ expectedMs: fc.integer({ min: 1, max: 20 }), demand: anyDemand })
const anyWorkers = fc.integer({ min: 2, max: 3 })
const few = fc.array(anyJob, { minLength: 1, maxLength: 6 }).map(toJobs)

function toJobs(given: readonly Partial<Job>[]): Job[] {
  const known = { isKnown: true, hasFailed: false, stage: 0, batch: undefined, expectedMs: 1 }
  return given.map((job, i) => ({ ...known, ...job, key: `${i}` }))
}

/** Some order, each job as early as the one before allows, gives the optimum: this tries all. */
function optimumOf(jobs: readonly Job[], workers: number): number {
  return Math.min(...permutationsOf(jobs).map((order) => makespanOf(order, workers, LIMITS)))
}

function permutationsOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, i) => permutationsOf(items.toSpliced(i, 1)).map((rest) => [item, ...rest]))
}

test('no schedule of few jobs is more than twice as long as the best, and none beats the lower bound', () => {
  fc.assert(
    fc.property(few, anyWorkers, (jobs, workers) => {
      const [best, bound] = [optimumOf(jobs, workers), lowerBoundOf(jobs, workers, LIMITS).ms]
      const reached = endOf(simulate(jobs, { workers, limits: LIMITS }))
      expect(bound).toBeLessThanOrEqual(best + 1e-9)
      expect(reached).toBeGreaterThanOrEqual(best - 1e-9)
      expect(reached).toBeLessThanOrEqual(2 * best + 1e-9)
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('jobs of which no two can run at once take their sum, which is the bound', () => {
  const alone = fc.constantFrom<Job['demand']>(
    { groups: [{ group: 'db', mode: 'shared' }], weight: 1, priority: 0 },
    {
      groups: [
        { group: 'api', mode: 'shared' },
        { group: 'db', mode: 'exclusive' },
      ],
      weight: 1,
      priority: 0,
    },
    { groups: [], weight: 'all', priority: 0 },
  )
  const jobs = fc.array(fc.record({ expectedMs: fc.integer({ min: 1, max: 20 }), demand: alone }), { minLength: 1 })
  fc.assert(
    fc.property(jobs.map(toJobs), anyWorkers, (chain, workers) => {
      const sum = chain.reduce((total, { expectedMs }) => total + expectedMs, 0)
      expect(endOf(simulate(chain, { workers, limits: LIMITS }))).toBe(sum)
      expect(lowerBoundOf(chain, workers, LIMITS).ms).toBe(sum)
    }),
  )
})

test('equal files, some in one group of 1, are scheduled as well as can be', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      (inDb, workers) => {
        const groups = [{ group: 'db', mode: 'shared' as const }]
        const jobs = toJobs(inDb.map((isIn) => ({ demand: { groups: isIn ? groups : [], weight: 1, priority: 0 } })))
        const best = Math.max(Math.ceil(jobs.length / workers), inDb.filter(Boolean).length)
        expect(endOf(simulate(jobs, { workers, limits: LIMITS }))).toBe(best)
      },
    ),
  )
})

test('without demands the scheduler does what slowest first does', () => {
  const plain = fc.array(
    fc.record({ expectedMs: fc.integer({ min: 1, max: 20 }), stage: fc.integer({ min: 0, max: 2 }) }),
  )
  fc.assert(
    fc.property(plain.map(toJobs), anyWorkers, (jobs, workers) => {
      const plan = planOrder(jobs, { workers })
      expect(endOf(simulate(plan.jobs, { workers, limits: LIMITS }))).toBe(plan.expectedMakespanMs)
    }),
  )
})

test('a planned order played through ends no later than the plan says', () => {
  fc.assert(
    fc.property(fc.array(anyJob).map(toJobs), anyWorkers, (jobs, workers) => {
      const plan = planOrder(jobs, { workers, limits: LIMITS })
      expect(makespanOf(plan.jobs, workers, LIMITS)).toBeLessThanOrEqual(plan.expectedMakespanMs + 1e-9)
      expect(plan.jobs).toHaveLength(jobs.length)
    }),
  )
})

test('a heavy file waits for the long ones and lets the short ones go first', () => {
  const weights = [1, 1, 1, 4, 1, 1]
  const jobs = toJobs(
    [9, 3, 3, 8, 2, 7].map((expectedMs, i) => ({
      expectedMs,
      demand: { groups: [], weight: weights[i] ?? 1, priority: 0 },
    })),
  )
  const starts = simulate(jobs, { workers: 4, limits: LIMITS }).map(({ job, startMs }) => [job.key, startMs])
  expect(starts[0]).toEqual(['0', 0])
  expect(starts.at(-1)).toEqual(['3', 9])
})

test('files that exclude each other through different things set the bound together', () => {
  const inDb = { groups: [{ group: 'db', mode: 'shared' as const }], weight: 1, priority: 0 }
  const all = { groups: [], weight: 'all' as const, priority: 0 }
  const jobs = toJobs([
    { expectedMs: 5, demand: inDb },
    { expectedMs: 4, demand: inDb },
    { expectedMs: 3, demand: all },
  ])
  expect(lowerBoundOf(jobs, 4, LIMITS)).toEqual({ ms: 12, key: undefined, chain: 3 })
  expect(lowerBoundOf(jobs.slice(0, 2), 4, LIMITS)).toEqual({ ms: 9, key: undefined, group: 'db' })
})
