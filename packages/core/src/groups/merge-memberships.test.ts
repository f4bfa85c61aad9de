import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Group, Membership } from './demand.js'
import { mergeMemberships } from './merge-memberships.js'

const GROUPS = new Map<string, Group>(
  (['machine', 'run', 'workspace', 'run', 'machine'] as const).map((scope, i) => {
    const name = String.fromCharCode(101 - i)
    return [name, { name, limit: 1, scope }]
  }),
)
const membership = fc.record<Membership>({
  group: fc.constantFrom(...GROUPS.keys()),
  mode: fc.constantFrom('shared', 'exclusive'),
})

test('from the narrowest scope to the widest, then by name', () => {
  const all = [...GROUPS.keys()].map((group): Membership => ({ group, mode: 'shared' }))
  expect(mergeMemberships(all, GROUPS).map(({ group }) => group)).toEqual(['b', 'd', 'c', 'a', 'e'])
})

test('the order does not depend on who is asked, so nobody waits in a circle', () => {
  const order = ['b', 'd', 'c', 'a', 'e']
  fc.assert(
    fc.property(fc.array(membership), (memberships) => {
      const places = mergeMemberships(memberships, GROUPS).map(({ group }) => order.indexOf(group))
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
      expect(new Set(places).size).toBe(new Set(memberships.map(({ group }) => group)).size)
    }),
  )
})

test('one who is to be alone is alone, whatever else is said', () => {
  fc.assert(
    fc.property(fc.array(membership), (memberships) => {
      for (const { group, mode } of mergeMemberships(memberships, GROUPS)) {
        const isExclusive = memberships.some((one) => one.group === group && one.mode === 'exclusive')
        expect(mode).toBe(isExclusive ? 'exclusive' : 'shared')
      }
    }),
  )
})
