import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planAcquisition, type LeaseRequest, type LeaseRequestOptions, type LeaseShare } from './lease-request.js'
import type { Resource } from './resource.js'

function idOf({ name, scope }: Resource): string {
  return `${scope}/${name}`
}

function plan(requests: LeaseRequest | readonly LeaseRequest[], defaults?: LeaseShare) {
  return planAcquisition(requests, idOf, defaults)
}

describe('planAcquisition', () => {
  test('a name alone is exclusive in the workspace', () => {
    const expected = { id: 'workspace/ledger', name: 'ledger', scope: 'workspace', permits: 'all', limit: Infinity }
    expect(plan('ledger')).toEqual([expected])
    expect(plan({ name: 'ledger' })).toEqual([expected])
    expect(plan(['ledger'])).toEqual([expected])
  })

  test.each<[Omit<LeaseRequestOptions, 'name'>, number | 'all', number]>([
    [{ mode: 'shared' }, 1, Infinity],
    [{ limit: 4 }, 1, 4],
    [{ permits: 3 }, 3, Infinity],
    [{ permits: 2, limit: 2 }, 2, 2],
    [{ mode: 'shared', permits: 3, limit: 4 }, 3, 4],
    [{ mode: 'exclusive', limit: 4 }, 'all', 4],
    [{ mode: 'exclusive' }, 'all', Infinity],
    [{ limit: 999_999_999, permits: 999_999_999 }, 999_999_999, 999_999_999],
    [{ mode: undefined, permits: undefined, limit: undefined, scope: undefined }, 'all', Infinity],
  ])('%j takes %s of %s', (options, permits, limit) => {
    expect(plan({ name: 'db', ...options })).toEqual([
      { id: 'workspace/db', name: 'db', scope: 'workspace', permits, limit },
    ])
  })

  test.each(['run', 'workspace', 'machine'] as const)('scope %s is kept', (scope) => {
    expect(plan({ name: 'db', scope })).toMatchObject([{ id: `${scope}/db`, scope }])
  })

  test('the order is the same, in whatever order the names are given', () => {
    const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 })
    const orders = names.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(orders, ([list, shuffled]) => {
        expect(plan(shuffled)).toEqual(plan(list))
      }),
    )
  })

  test('any two requests agree on the order of what both want, so that neither waits for the other', () => {
    const names = fc.uniqueArray(fc.constantFrom<string[]>('', 'a', 'b', 'c', 'd', 'A'), { minLength: 1 })
    fc.assert(
      fc.property(names, names, (left, right) => {
        const namesOf = (list: readonly string[]): string[] => plan(list).map(({ name }) => name)
        const common = (list: readonly string[]): string[] =>
          namesOf(list).filter((name) => left.includes(name) && right.includes(name))
        expect(common(left)).toEqual(common(right))
      }),
    )
  })

  test('the lock of all serial tests is taken after all names', () => {
    expect(plan(['', 'zebra', '!']).at(-1)).toMatchObject({ name: '' })
    expect(planAcquisition(['', 'a'], ({ name }) => (name === '' ? '0' : '1')).map(({ name }) => name)).toEqual([
      'a',
      '',
    ])
  })

  test('the order follows ids, which all processes share', () => {
    const reversed = ({ name }: Resource): string => String(10 - Number(name))
    expect(planAcquisition(['1', '2', '3'], reversed).map(({ name }) => name)).toEqual(['3', '2', '1'])
  })

  test('groups come first, from the narrowest scope to the widest, by name', () => {
    const requests: LeaseRequestOptions[] = [
      { name: '' },
      { name: 'a' },
      { name: 'group:a', scope: 'machine' },
      { name: 'group:c' },
      { name: 'group:B' },
      { name: 'group:z', scope: 'run' },
    ]
    const hashed = ({ name }: Resource): string => (name === 'a' ? '0' : name)
    expect(planAcquisition(requests, hashed).map(({ name }) => name)).toEqual([
      'group:z',
      'group:B',
      'group:c',
      'group:a',
      'a',
      '',
    ])
  })

  test('defaults are for plain names', () => {
    expect(plan(['a', { name: 'b' }], { limit: 4, permits: 3, scope: 'machine' })).toEqual([
      { id: 'machine/a', name: 'a', scope: 'machine', permits: 3, limit: 4 },
      { id: 'workspace/b', name: 'b', scope: 'workspace', permits: 'all', limit: Infinity },
    ])
    expect(plan('a', { mode: 'shared' })).toMatchObject([{ permits: 1 }])
    expect(() => plan([{ name: 'b' }], { limit: 4 })).toThrow(
      'HEDDLE_LEASE_INVALID: Cannot acquire "b": limit is given beside an object, and belongs into it',
    )
  })

  test('one name in two scopes is two resources', () => {
    expect(plan(['db', { name: 'db', scope: 'machine' }])).toHaveLength(2)
  })

  test('what was given is not changed', () => {
    const given = Object.freeze(['b', 'a'])
    plan(given)
    expect(given).toEqual(['b', 'a'])
  })

  test.each<[string, unknown, string]>([
    ['no names', [], 'Cannot acquire nothing: the list of names is empty'],
    ['a name twice', ['a', 'b', 'a'], 'Cannot acquire "a": it is named twice'],
    ['a name twice in two ways', ['a', { name: 'a', limit: 2 }], 'Cannot acquire "a": it is named twice'],
    ['no name', {}, 'Cannot acquire a name: its name must be a string'],
    ['undefined', undefined, 'Cannot acquire a name: its name must be a string'],
    ['null', null, 'Cannot acquire null: its name must be a string'],
    ['a hole in the list', ['a', undefined], 'Cannot acquire a name: its name must be a string'],
    ['a number', 7, 'Cannot acquire 7: its name must be a string'],
    ['a name that is a number', { name: 7 }, 'Cannot acquire 7: its name must be a string'],
    ['a scope', { name: 'a', scope: 'host' }, 'Cannot acquire "a": scope must be run, workspace, machine, got host'],
    ['a mode', { name: 'a', mode: 'x' }, 'Cannot acquire "a": mode must be exclusive or shared, got x'],
    ['limit 0', { name: 'a', limit: 0 }, 'limit must be a whole number from 1 to 999999999, got 0'],
    ['limit 1.5', { name: 'a', limit: 1.5 }, 'limit must be a whole number from 1 to 999999999, got 1.5'],
    ['limit NaN', { name: 'a', limit: Number.NaN }, 'limit must be a whole number from 1 to 999999999, got NaN'],
    ['limit 10^9', { name: 'a', limit: 1e9 }, 'limit must be a whole number from 1 to 999999999, got 1000000000'],
    ['limit "4"', { name: 'a', limit: '4' }, 'limit must be a whole number from 1 to 999999999, got 4'],
    ['permits 0', { name: 'a', permits: 0 }, 'permits must be a whole number from 1 to its limit (none), got 0'],
    ['permits -1', { name: 'a', permits: -1 }, 'permits must be a whole number from 1 to its limit (none), got -1'],
    [
      'permits ∞',
      { name: 'a', permits: Infinity },
      'permits must be a whole number from 1 to its limit (none), got Inf',
    ],
    [
      'more than all',
      { name: 'a', permits: 5, limit: 4 },
      'permits must be a whole number from 1 to its limit (4), got 5',
    ],
    [
      '10^9 permits',
      { name: 'a', permits: 1e9 },
      'permits must be a whole number from 1 to its limit (none), got 1000',
    ],
    ['an unknown option', { name: 'a', permit: 1 }, 'unknown option "permit", did you mean "permits"?'],
    ['both', { name: 'a', mode: 'exclusive', permits: 1 }, 'an exclusive holder takes all permits'],
  ])('%s is an error that shows how it is meant', (_, requests, problem) => {
    expect(() => plan(requests as LeaseRequest)).toThrow(
      expect.objectContaining({
        code: 'HEDDLE_LEASE_INVALID',
        message: expect.stringMatching(/^HEDDLE_LEASE_INVALID: Cannot acquire .*\nFix: for example /),
      }),
    )
    expect(() => plan(requests as LeaseRequest)).toThrow(problem)
  })
})
