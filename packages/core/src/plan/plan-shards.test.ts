import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isHeddleError } from '../errors.js'
import { planShards, type ShardJob, type ShardPlan } from './plan-shards.js'

const anyTime = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 1e6, noNaN: true }))
const anyJob = fc.record({ key: fc.string(), expectedMs: anyTime })
const anyJobs = fc.uniqueArray(anyJob, { selector: (job) => job.key, maxLength: 40 })
const fewJobs = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), expectedMs: fc.integer({ min: 1, max: 3 }) }),
  { selector: (job) => job.key },
)
const anyCount = fc.integer({ min: 1, max: 8 })

const assignmentOf = (plan: ShardPlan) => plan.shards.map((shard) => shard.keys)
const times = (...list: number[]): ShardJob[] => list.map((expectedMs, i) => ({ key: `file-${i}`, expectedMs }))
const maxLoad = (plan: ShardPlan): number => Math.max(...plan.shards.map((shard) => shard.expectedMs))
const keysOf = (jobs: readonly ShardJob[]): string[] => jobs.map((job) => job.key)

test('the longest jobs go first, each to the lightest shard', () => {
  const plan = planShards(times(2, 2, 3, 3), 2)
  expect(plan.shards).toEqual([
    { index: 1, expectedMs: 5, keys: ['file-0', 'file-2'] },
    { index: 2, expectedMs: 5, keys: ['file-1', 'file-3'] },
  ])
  expect(plan.lowerBound).toEqual({ ms: 5, key: undefined })
})

test('more shards than files leave shards empty', () => {
  expect(assignmentOf(planShards(times(1), 3))).toEqual([['file-0'], [], []])
})

test('of equally loaded shards the one with fewer files gets the next', () => {
  const [first, second] = planShards(times(5, 4, 4, 2, 1, 1), 2).shards
  expect(first?.keys).toEqual(['file-0', 'file-3', 'file-4'])
  expect(second?.keys).toEqual(['file-1', 'file-2', 'file-5'])
})

test('shards weigh whole milliseconds, and no file less than one', () => {
  expect(planShards(times(2.4, 0.2, 0), 1).shards[0]?.expectedMs).toBe(4)
})

test('no files give empty shards', () => {
  expect(planShards([], 2)).toMatchObject({ shards: [{ keys: [] }, { keys: [] }], lowerBound: { ms: 0 } })
})

test('files of no known cost spread by number', () => {
  const sizes = planShards(times(...Array.from({ length: 12 }, () => 0)), 4).shards.map((shard) => shard.keys.length)
  expect(sizes).toEqual([3, 3, 3, 3])
})

test.each([0, -1, 1.5, NaN, Infinity])('%d shards are refused, because files would be lost', (count) => {
  const split = () => planShards(times(1), count)
  expect(split).toThrow(`HEDDLE_SHARDS_INVALID: Cannot split test files into "${count}" shards`)
  expect(split).toThrow(expect.toSatisfy(isHeddleError))
})

test('every key is in exactly one shard, whatever the times', () => {
  fc.assert(
    fc.property(anyJobs, anyCount, (jobs, count) => {
      const plan = planShards(jobs, count)
      expect(plan.shards.map((shard) => shard.index)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
      expect(assignmentOf(plan).flat().sort()).toEqual(keysOf(jobs).sort())
    }),
  )
})

test('jobs with the same key stay together and weigh their sum', () => {
  const twins = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), expectedMs: fc.integer({ min: 1, max: 9 }) }))
  fc.assert(
    fc.property(twins, anyCount, (jobs, count) => {
      const plan = planShards(jobs, count)
      expect(assignmentOf(plan).flat().sort()).toEqual([...new Set(keysOf(jobs))].sort())
      for (const { keys, expectedMs } of plan.shards) {
        const own = jobs.filter((job) => keys.includes(job.key))
        expect(expectedMs).toBe(own.reduce((sum, job) => sum + job.expectedMs, 0))
      }
    }),
  )
})

test('the plan does not depend on the order of the files', () => {
  const list = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), expectedMs: anyTime }), { maxLength: 20 })
  const shuffled = list.chain((jobs) =>
    fc.tuple(fc.constant(jobs), fc.shuffledSubarray(jobs, { minLength: jobs.length, maxLength: jobs.length })),
  )
  fc.assert(
    fc.property(shuffled, anyCount, ([jobs, others], count) => {
      expect(planShards(others, count)).toEqual(planShards(jobs, count))
    }),
  )
})

test('two plans have one fingerprint exactly when they put the same files into the same shards', () => {
  fc.assert(
    fc.property(fewJobs, fewJobs, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), (a, b, m, n) => {
      const [one, two] = [planShards(a, m), planShards(b, n)]
      const isSame = JSON.stringify(assignmentOf(one)) === JSON.stringify(assignmentOf(two))
      expect(one.fingerprint === two.fingerprint).toBe(isSame)
    }),
    { numRuns: 500 },
  )
})

test('a fingerprint cannot be confused by separators in names', () => {
  const prints = [['a,b'], ['a', 'b'], ['a","b'], ['a\nb'], ['a\tb']].map(
    (keys) =>
      planShards(
        keys.map((key) => ({ key, expectedMs: 1 })),
        1,
      ).fingerprint,
  )
  expect(new Set(prints).size).toBe(prints.length)
})

test('the fingerprint of an assignment stays what it is, because files and records carry it', () => {
  expect(planShards(times(3, 2, 1), 2).fingerprint).toMatch(/^[0-9a-f]{16}$/)
  expect(planShards(times(3, 2, 1), 2).fingerprint).toBe(planShards(times(3000, 2000, 1000), 2).fingerprint)
})

test('the heaviest shard is at most 4/3 − 1/(3m) of the best possible one (Graham 1969)', () => {
  const small = fc.uniqueArray(fc.record({ key: fc.string(), expectedMs: fc.integer({ min: 1, max: 30 }) }), {
    selector: (job) => job.key,
    minLength: 1,
    maxLength: 7,
  })
  fc.assert(
    fc.property(small, fc.integer({ min: 1, max: 3 }), (jobs, count) => {
      const best = bestLoad(
        jobs.map((job) => job.expectedMs),
        count,
      )
      expect(maxLoad(planShards(jobs, count))).toBeLessThanOrEqual((4 / 3 - 1 / (3 * count)) * best + 1e-6)
    }),
  )
})

test('the heaviest shard exceeds an equal share by less than one file', () => {
  fc.assert(
    fc.property(anyJobs, anyCount, (jobs, count) => {
      const whole = jobs.map((job) => Math.max(1, Math.round(job.expectedMs)))
      const total = whole.reduce((sum, ms) => sum + ms, 0)
      const bound = total / count + (1 - 1 / count) * Math.max(0, ...whole)
      expect(maxLoad(planShards(jobs, count))).toBeLessThanOrEqual(bound + 1e-6)
    }),
  )
})

/** The smallest possible load of the heaviest of `count` shards, by trying everything. */
function bestLoad([first, ...rest]: readonly number[], count: number, loads: readonly number[] = []): number {
  if (first === undefined) return Math.max(...loads)
  const options = Array.from({ length: count }, (_, i) => {
    const next = Array.from({ length: count }, (__, j) => (loads[j] ?? 0) + (i === j ? first : 0))
    return bestLoad(rest, count, next)
  })
  return Math.min(...options)
}
