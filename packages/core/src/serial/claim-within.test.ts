import { describe, expect, test } from 'vitest'
import type { GroupClaim } from '../groups/group-lease.js'
import type { Claim } from './claim.js'
import { claimWithin } from './claim-within.js'
import { claimOf } from './serial-claim.js'

describe('keys', () => {
  const a = claimOf('a', 'exclusive')
  const aShared = claimOf('a', 'shared')
  const both = claimOf(['a', 'b'], 'exclusive')
  const all = claimOf(undefined, 'exclusive')
  const machine = claimOf({ key: 'a', scope: 'machine' }, 'exclusive')

  test('outside of everything all of it is to be taken', () => {
    expect(claimWithin(a, [])).toEqual({ groups: [], serial: a })
  })

  test.each([
    ['the same', a, a],
    ['one of several', a, both],
    ['shared in exclusive', aShared, a],
    ['shared in shared', aShared, aShared],
    ['any key where all is held', both, all],
    ['all where all is held', all, all],
  ])('%s is held already', (_, inner, outer) => {
    expect(claimWithin(inner, [outer])).toBeUndefined()
  })

  test.each([
    ['another key', claimOf('c', 'exclusive'), both],
    ['more keys', both, a],
    ['exclusive in shared', a, aShared],
    ['all in a key', all, a],
    ['a key where all is only shared', aShared, claimOf(undefined, 'shared')],
    ['another scope', machine, a],
    ['the machine where only the workspace is held', machine, all],
  ])('%s is refused, because it could deadlock', (_, inner, outer) => {
    expect(() => claimWithin(inner, [outer])).toThrow(/HEDDLE_SERIAL_INVALID.*could deadlock\nFix: give the block/s)
  })

  test('what any of several around it holds is enough', () => {
    expect(claimWithin(a, [claimOf('x', 'exclusive'), a])).toBeUndefined()
  })
})

function group(name: string, options: Partial<GroupClaim> = {}): GroupClaim {
  return { name, limit: 4, scope: 'run', permits: 1, ...options }
}

function groups(...list: readonly GroupClaim[]): Claim {
  return { groups: list, serial: undefined }
}

describe('groups', () => {
  const ledger = claimOf('ledger', 'exclusive')
  const all = group('db', { permits: 'all' })

  test('are taken together with keys', () => {
    const claim = { groups: [group('db')], serial: ledger }
    expect(claimWithin(claim, [])).toEqual(claim)
  })

  test.each([
    ['the same', groups(group('db')), groups(group('db'))],
    ['fewer permits', groups(group('db')), groups(group('db', { permits: 2 }))],
    ['some of all', groups(group('db', { permits: 3 })), groups(all)],
    ['all of all', groups(all), groups(all)],
    ['one of several', groups(group('a')), groups(group('a'), group('b'))],
    ['one beside a key', { groups: [group('a')], serial: ledger }, { groups: [group('a')], serial: ledger }],
  ])('%s is held already', (_, inner, outer) => {
    expect(claimWithin(inner, [outer])).toBeUndefined()
  })

  test('what is left is taken, if all of it comes later in the order', () => {
    const claim = { groups: [group('a'), group('b'), group('a', { scope: 'machine' })], serial: ledger }
    const outer = [groups(group('a')), groups()]
    expect(claimWithin(claim, outer)).toEqual({
      groups: [group('b'), group('a', { scope: 'machine' })],
      serial: ledger,
    })
  })

  test('a key after a group is fine', () => {
    expect(claimWithin(ledger, [groups(group('db'))])).toEqual({ groups: [], serial: ledger })
  })

  test.each([
    ['an earlier name', group('a'), groups(group('b')), "group('a')"],
    ['a narrower scope', group('z'), groups(group('a', { scope: 'machine' })), "group('z')"],
    ['all where some are held', all, groups(group('db')), "group.exclusive('db')"],
    ['a group after a key', group('db'), ledger, "group('db')"],
    ['the only permit', group('a', { limit: 1, permits: 'all' }), groups(group('b')), "group('a')"],
    [
      'more than is held',
      group('db', { permits: 2 }),
      groups(group('db')),
      "group('db') on a line of its own in it, and give it weight 2 in a rule",
    ],
  ])('%s is refused, and what to write is said', (_, inner, outer, fix) => {
    expect(() => claimWithin(groups(inner), [outer])).toThrow(
      expect.objectContaining({ code: 'HEDDLE_GROUP_ORDER', message: expect.stringContaining(`write ${fix}`) }),
    )
  })

  test('the message says what is held and what is wanted', () => {
    const claim = groups(group('a'), group('b', { permits: 'all' }), group('d'))
    const outer = [{ groups: [group('c')], serial: undefined }, groups()]
    expect(() => claimWithin(claim, outer)).toThrow(
      new RegExp(
        [
          /^HEDDLE_GROUP_ORDER: Cannot take group "a", group "b" \(exclusive\): the file or block around holds group "c"; /,
          /.*\nFix: let the file take them as well, before it runs: write group\('a'\) and group.exclusive\('b'\) on a line/,
        ]
          .map(({ source }) => source)
          .join(''),
      ),
    )
  })
})
