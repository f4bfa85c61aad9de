import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import { planShards, type ShardJob, type ShardPlan } from './plan-shards.js'
import { fitShardPlan, formatShardPlan, readShardPlan } from './shard-plan-file.js'

const jobs = (times: Readonly<Record<string, number>>): ShardJob[] =>
  Object.entries(times).map(([key, expectedMs]) => ({ key, expectedMs }))
const keysOf = (plan: ShardPlan) => plan.shards.map((shard) => shard.keys)
const refuse = { file: 'plan.json', newFiles: 'refuse' } as const
const lightest = { file: 'plan.json', newFiles: 'lightest' } as const

function planFile(text: string): string {
  return writeInto(temporaryDir(), 'plan.json', text)
}

/** A plan file changed by hand. */
function editedPlan(edit: (plan: Record<string, unknown>) => object): string {
  const text = formatShardPlan(planShards(jobs({ a: 3, b: 2, c: 1 }), 2))
  return planFile(JSON.stringify(edit(JSON.parse(text) as Record<string, unknown>)))
}

test('a plan survives its file', () => {
  const anyJob = fc.record({
    key: fc.string({ unit: 'binary', maxLength: 12 }),
    expectedMs: fc.integer({ min: 1, max: 99 }),
  })
  const dir = temporaryDir()
  fc.assert(
    fc.property(fc.array(anyJob, { maxLength: 20 }), fc.integer({ min: 1, max: 4 }), (list, count) => {
      const plan = planShards(list, count)
      expect(readShardPlan(writeInto(dir, 'plan.json', formatShardPlan(plan)))).toEqual(plan)
    }),
    { numRuns: 50 },
  )
})

test('a plan is text that ends with a line break', () => {
  expect(formatShardPlan(planShards([], 1))).toMatch(/^\{\n {2}"format": "heddle-plan",\n[^]*\}\n$/)
})

test('a missing plan is refused, with how to make one', () => {
  expect(() => readShardPlan('/nowhere/plan.json')).toThrow(
    /^HEDDLE_PLAN_UNREADABLE: Cannot read shard plan "\/nowhere\/plan.json": ENOENT.*\nFix: create it with `heddle plan/,
  )
})

test.each([
  ['an empty file', ''],
  ['a plan that was cut off', '{"format":"heddle-plan",'],
  ['another format', '{"format":"other"}'],
  ['a newer version', '{"format":"heddle-plan","version":2}'],
])('%s is refused', (_, text) => {
  expect(() => readShardPlan(planFile(text))).toThrow(/^HEDDLE_PLAN_UNREADABLE: Cannot read shard plan/)
})

test('a plan whose files were moved by hand is refused', () => {
  const file = editedPlan((plan) => ({ ...plan, shards: [...(plan['shards'] as object[])].reverse().map(renumber) }))
  expect(() => readShardPlan(file)).toThrow('its fingerprint does not fit its files; it was edited or damaged')
})

test('a plan that lost a shard is refused', () => {
  const file = editedPlan((plan) => ({ ...plan, shards: (plan['shards'] as object[]).slice(0, 1) }))
  expect(() => readShardPlan(file)).toThrow('its fingerprint does not fit')
})

test('a plan whose shards are not numbered 1 to n is refused', () => {
  const file = editedPlan((plan) => ({ ...plan, shards: [...(plan['shards'] as object[])].reverse() }))
  expect(() => readShardPlan(file)).toThrow('its shards are not numbered 1 to n')
})

test('a plan without shards is refused', () => {
  expect(() => readShardPlan(editedPlan((plan) => ({ ...plan, shards: [] })))).toThrow('HEDDLE_PLAN_UNREADABLE')
})

test('a plan that covers exactly the files found is used as it is', () => {
  const plan = planShards(jobs({ a: 3, b: 2 }), 2)
  expect(fitShardPlan(plan, jobs({ b: 1, a: 1 }), refuse)).toBe(plan)
})

test('a plan with a file that does not exist is refused, also when new files are welcome', () => {
  const plan = planShards(jobs({ 'a\tunit': 3, b: 2 }), 2)
  for (const options of [refuse, lightest]) {
    expect(() => fitShardPlan(plan, jobs({ b: 1 }), options)).toThrow(
      /^HEDDLE_PLAN_MISMATCH: Cannot use shard plan "plan.json": .*: 1 planned, not found \(unit › a\)\n/,
    )
  }
})

test('a plan that misses files is refused, and the message shows three of them', () => {
  const plan = planShards(jobs({ a: 3 }), 2)
  expect(() => fitShardPlan(plan, jobs({ a: 1, b: 1, c: 1, d: 1, e: 1 }), refuse)).toThrow(
    '4 found, not planned (b, c, d, …)',
  )
})

test('both kinds of mismatch are told at once', () => {
  const plan = planShards(jobs({ a: 3 }), 1)
  expect(() => fitShardPlan(plan, jobs({ b: 1 }), refuse)).toThrow('1 planned, not found (a); 1 found, not planned (b)')
})

test('new files join the lightest shard, longest first', () => {
  const plan = planShards(jobs({ a: 10, b: 4 }), 2)
  const fitted = fitShardPlan(plan, jobs({ a: 1, b: 1, c: 5, d: 7 }), lightest)
  expect(keysOf(fitted)).toEqual([
    ['a', 'c'],
    ['b', 'd'],
  ])
  expect(fitted.shards.map((shard) => shard.expectedMs)).toEqual([15, 11])
})

test('a plan made to fit has the fingerprint of what it became', () => {
  const plan = planShards(jobs({ a: 10, b: 4 }), 2)
  const fitted = fitShardPlan(plan, jobs({ a: 1, b: 1, c: 5 }), lightest)
  expect(fitted.fingerprint).not.toBe(plan.fingerprint)
  expect(readShardPlan(planFile(formatShardPlan(fitted)))).toEqual(fitted)
})

test('every shard fits the same plan, in whatever order it finds the files', () => {
  const plan = planShards(jobs({ a: 10, b: 4, c: 3 }), 3)
  const found = jobs({ a: 1, b: 1, c: 1, x: 5, y: 5, z: 5, w: 6 })
  fc.assert(
    fc.property(fc.shuffledSubarray(found, { minLength: found.length }), (shuffled) => {
      const fitted = fitShardPlan(plan, shuffled, lightest)
      expect(fitted).toEqual(fitShardPlan(plan, found, lightest))
      expect(keysOf(fitted).flat().sort()).toEqual(found.map((job) => job.key).sort())
    }),
  )
})

test('the plan given is not changed', () => {
  const plan = planShards(jobs({ a: 10 }), 1)
  fitShardPlan(plan, jobs({ a: 1, b: 1 }), lightest)
  expect(keysOf(plan)).toEqual([['a']])
})

function renumber(shard: object, position: number): object {
  return { ...shard, index: position + 1 }
}
