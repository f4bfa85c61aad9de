import { isHeldBack, NO_DEMAND, WORKERS, type Demand, type GroupPlan } from '@heddle/core'
import { expect, test } from 'vitest'
import { needsOf } from './file-needs.js'

function planWith(demand: Partial<Demand>): GroupPlan {
  return {
    groups: new Map([['db', { name: 'db', limit: 2, scope: 'run' }]]),
    limits: new Map([['db', 2]]),
    leased: new Set(),
    testRules: { groups: [], rules: [] },
    listedTestRules: [],
    warnings: [],
    demandOf: () => ({ ...NO_DEMAND, ...demand }),
    hintsOf: () => [],
    reasonsOf: () => [],
  }
}

const IN_DB = { groups: [{ group: 'db', mode: 'shared' }] } as const

test('a file without groups of the usual weight takes nothing, and may start at once', () => {
  expect(needsOf(planWith({ priority: 3 }), 'a')).toBeUndefined()
  expect(isHeldBack({ ...NO_DEMAND, priority: 3 })).toBe(false)
})

test('a file takes permits of its groups', () => {
  expect(needsOf(planWith(IN_DB), 'a')?.groups).toEqual([{ name: 'db', limit: 2, scope: 'run', permits: 1 }])
  expect(needsOf(planWith({ ...IN_DB, weight: 7 }), 'a')?.groups).toMatchObject([{ permits: 'all' }])
  expect(isHeldBack({ ...NO_DEMAND, ...IN_DB })).toBe(true)
})

test.each([
  [1, 1],
  [3, 3],
  [9, 'all'],
  ['all', 'all'],
] as const)('of four worker slots a file of weight %s takes %s, where that must be seen to', (weight, permits) => {
  const { workers } = needsOf(planWith({ weight }), 'a', 4) ?? {}
  expect(workers).toEqual({ name: WORKERS, limit: 4, scope: 'run', permits })
  expect(isHeldBack({ ...NO_DEMAND, weight: 2 })).toBe(true)
})
