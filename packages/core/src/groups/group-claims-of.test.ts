import { expect, test } from 'vitest'
import type { Demand, Group } from './demand.js'
import { groupClaimsOf, workersClaimOf } from './group-claims-of.js'

const DB: Group = { name: 'db', limit: 3, scope: 'run' }

function planWith(demand: Partial<Demand>) {
  return { groups: new Map([['db', DB]]), demandOf: (): Demand => ({ groups: [], weight: 1, priority: 0, ...demand }) }
}

test('a file claims its weight of every group that is declared', () => {
  const groups = ['db', 'gone'].map((group) => ({ group, mode: 'shared' }) as const)
  expect(groupClaimsOf(planWith({ groups, weight: 2 }), 'a')).toEqual([{ ...DB, permits: 2 }])
  expect(groupClaimsOf(planWith({ groups, weight: 9 }), 'a')).toEqual([{ ...DB, permits: 'all' }])
  expect(groupClaimsOf(planWith({ groups: [{ group: 'db', mode: 'exclusive' }] }), 'a')).toEqual([
    { ...DB, permits: 'all' },
  ])
})

test.each([
  [1, 1],
  [3, 3],
  [4, 'all'],
  ['all', 'all'],
] as const)('of four workers a file that weighs %o claims %o', (weight, permits) => {
  expect(workersClaimOf(planWith({ weight }), 'a', 4)).toEqual({ name: '', limit: 4, scope: 'run', permits })
})
