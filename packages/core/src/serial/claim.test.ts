import { describe, expect, test } from 'vitest'
import type { GroupClaim } from '../groups/group-lease.js'
import { claimWithin } from './claim-within.js'
import { claimOfBlock, coversClaim, describeClaim, isHeldBy, type Claim } from './claim.js'
import { claimOf } from './serial-claim.js'

function group(name: string, options: Partial<GroupClaim> = {}): GroupClaim {
  return { name, limit: 4, scope: 'run', permits: 1, ...options }
}

describe('isHeldBy', () => {
  test.each([
    ['a claim', 'its key', claimOf(['a', 'b'], 'exclusive'), 'b'],
    ['a shared claim', 'its key', claimOf('a', 'shared'), 'a'],
    ['one without a key', 'any key, being alone', claimOf(undefined, 'exclusive'), 'a'],
    ['a claim', 'something', claimOf('a', 'exclusive'), undefined],
    ['a shared one without a key', 'something', claimOf(undefined, 'shared'), undefined],
  ])('%s holds %s', (_, __, claim, key) => expect(isHeldBy(claim, key)).toBe(true))

  test.each([
    ['a claim', 'another key', claimOf('a', 'exclusive'), 'b'],
    ['a shared one without a key', 'any key', claimOf(undefined, 'shared'), 'a'],
  ])('%s does not hold %s', (_, __, claim, key) => expect(isHeldBy(claim, key)).toBe(false))
})

test('groups alone are nothing serial', () => {
  expect(isHeldBy({ groups: [group('db')], serial: undefined }, undefined)).toBe(false)
  expect(isHeldBy({ groups: [], serial: claimOf('a', 'exclusive') }, 'a')).toBe(true)
})

describe('claimOfBlock', () => {
  const ledger = claimOf('ledger', 'exclusive')

  test('a block takes the groups of its tests, in order, of each as much as the one that takes most', () => {
    const tests = [
      { groups: [group('b', { permits: 2 })], serial: undefined },
      { groups: [group('b'), group('a')], serial: claimOf('smtp', 'exclusive') },
      { groups: [group('c', { permits: 'all' })], serial: undefined },
      { groups: [group('c')], serial: undefined },
      ledger,
    ]
    expect(claimOfBlock(ledger, tests)).toEqual({
      groups: [group('a'), group('b', { permits: 2 }), group('c', { permits: 'all' })],
      serial: ledger,
    })
  })

  test('if that is what it takes anyway, it is the same', () => {
    expect(claimOfBlock(ledger, [ledger])).toBe(ledger)
    const block = { groups: [group('b', { permits: 'all' })], serial: ledger }
    expect(claimOfBlock(block, [{ groups: [group('b')], serial: undefined }])).toBe(block)
  })
})

test('a claim covers another exactly if nothing of that is left to take inside of it', () => {
  const groups = [[], [group('a')], [group('a', { permits: 'all' })], [group('a', { permits: 2 }), group('b')]]
  const serials = [
    undefined,
    ...(['exclusive', 'shared'] as const).flatMap((mode) => [claimOf('k', mode), claimOf(undefined, mode)]),
  ]
  const claims: Claim[] = groups.flatMap((some) => serials.map((serial) => ({ groups: some, serial })))
  const answers = claims.flatMap((outer) =>
    claims.map((inner) => [coversClaim(outer, inner), isNothingLeft(inner, outer)] as const),
  )
  expect(answers.filter(([covers]) => covers).length).toBeGreaterThan(claims.length)
  expect(answers.filter(([covers, isLeft]) => covers !== isLeft)).toEqual([])
})

function isNothingLeft(inner: Claim, outer: Claim): boolean {
  try {
    return claimWithin(inner, [outer]) === undefined
  } catch {
    return false
  }
}

test('a claim is described by its groups and keys', () => {
  const claim = {
    groups: [
      group('a'),
      group('b', { permits: 'all' }),
      group('c', { permits: 2 }),
      group('d', { limit: 1, permits: 'all' }),
    ],
    serial: claimOf('ledger', 'shared'),
  }
  expect(describeClaim(claim)).toBe(
    'group "a", group "b" (exclusive), group "c" (2 permits), group "d", "ledger" (shared)',
  )

  expect(describeClaim(claimOf(['a', 'b'], 'exclusive'))).toBe('"a", "b"')
  expect(describeClaim(claimOf('a', 'shared'))).toBe('"a" (shared)')
  expect(describeClaim(claimOf(undefined, 'exclusive'))).toBe('the lock of all serial tests')
})
