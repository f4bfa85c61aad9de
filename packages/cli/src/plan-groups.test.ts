import type { Demand } from '@heddle/core'
import { expect, it } from 'vitest'
import { planGroups, settingsWithoutGroup, type DemandingJob } from './plan-groups.js'

const job = (key: string, expectedMs: number, demand: Partial<Demand> = {}): DemandingJob => ({
  key,
  expectedMs,
  isKnown: true,
  hasFailed: false,
  stage: 0,
  batch: undefined,
  demand: { groups: [{ group: 'db', mode: 'shared' }], weight: 1, priority: 0, ...demand },
  hints: [],
  reasons: [],
})
const groupOf = (limit: number) => ({ groups: [{ name: 'db', limit, scope: 'run' } as const], testRules: [] })
const atLeast = (limit: number, jobs: readonly DemandingJob[]): number | undefined =>
  planGroups(groupOf(limit), jobs)[0]?.atLeastMs

it('counts every permit of a member', () => {
  expect(atLeast(4, [job('a', 100, { weight: 3 }), job('b', 100)])).toBe(100)
  expect(atLeast(2, [job('a', 100, { weight: 2 }), job('b', 100)])).toBe(150)
  expect(atLeast(2, [job('a', 100, { weight: 'all' }), job('b', 100, { weight: 9 })])).toBe(200)
})

it('no group is faster than its longest member', () => {
  expect(atLeast(10, [job('a', 500), job('b', 1)])).toBe(500)
})

it('without a limit only exclusive members go one by one', () => {
  const exclusive = { groups: [{ group: 'db', mode: 'exclusive' }] } as const
  expect(atLeast(Infinity, [job('a', 100), job('b', 100)])).toBe(100)
  expect(atLeast(Infinity, [job('a', 100, exclusive), job('b', 100, exclusive), job('c', 50)])).toBe(200)
})

it('sorts members by work, not by time', () => {
  const [report] = planGroups(groupOf(4), [job('long', 300), job('heavy', 200, { weight: 2 })])
  expect(report?.members.map((member) => member.job.key)).toEqual(['heavy', 'long'])
})

it('finds files whose rules do not put them into a group', () => {
  const jobs = [
    job('in', 1, { weight: 2 }),
    job('heavy', 1, { groups: [], weight: 2 }),
    job('plain', 1, { groups: [] }),
  ]
  expect(settingsWithoutGroup(jobs).map(({ key }) => key)).toEqual(['heavy'])
})
