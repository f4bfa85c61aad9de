import { describe, expect, test } from 'vitest'
import { claimOf, leaseRequestsOf, type SerialOptions } from './serial-claim.js'

describe('claimOf', () => {
  test('a key, a list of keys and options say the same', () => {
    expect(claimOf('ledger', 'exclusive')).toEqual(claimOf(['ledger'], 'exclusive'))
    expect(claimOf('ledger', 'exclusive')).toEqual(claimOf({ key: 'ledger' }, 'exclusive'))
    expect(claimOf('ledger', 'exclusive')).toEqual({
      keys: ['ledger'],
      mode: 'exclusive',
      scope: 'workspace',
      timeoutMs: 600_000,
      onTimeout: 'wait',
    })
  })

  test('without a target it is about all serial tests', () => {
    expect(claimOf(undefined, 'exclusive').keys).toEqual([])
    expect(claimOf({ timeoutMs: 5 }, 'exclusive')).toMatchObject({ keys: [], timeoutMs: 5 })
  })

  test.each([
    ['', 'a key must be a string that is not empty, got ""'],
    [[], 'the list of keys is empty'],
    [['a', 'a'], 'the key "a" is named twice'],
    [['a', 'group:b'], 'a key must not begin with "group:", as "group:b" does'],
    [['a', 1], 'a key must be a string that is not empty, got 1'],
    [1, 'a key must be a string, got number'],
    [null, 'a key must be a string, got object'],
    [{ keys: 'a' }, 'unknown option "keys", did you mean "key"?'],
    [{ key: 'a', timeout: 5 }, 'unknown option "timeout", did you mean "timeoutMs"?'],
    [{ key: 'a', scope: 'host' }, 'scope must be run, workspace, machine, got "host"'],
    [{ key: 'a', timeoutMs: -1 }, 'timeoutMs must be a number of at least 0, got -1'],
    [{ key: 'a', timeoutMs: Number.NaN }, 'timeoutMs must be a number of at least 0, got NaN'],
    [{ key: 'a', timeoutMs: '5' }, 'timeoutMs must be a number of at least 0, got 5'],
    [{ key: 'a', onTimeout: 'kill' }, 'onTimeout must be wait or stop-worker, got kill'],
  ])('%j is refused', (target, reason) => {
    expect(() => claimOf(target as SerialOptions, 'exclusive')).toThrow(
      `HEDDLE_SERIAL_INVALID: Cannot use serial: ${reason}`,
    )
  })

  test('to wait for ever is allowed', () => {
    expect(claimOf({ key: 'a', timeoutMs: Infinity }, 'shared').timeoutMs).toBe(Infinity)
  })
})

describe('leaseRequestsOf', () => {
  test('a keyed claim has its share of what all serial tests have in common', () => {
    expect(leaseRequestsOf(claimOf(['a', 'b'], 'exclusive'))).toEqual([
      { name: 'a', scope: 'workspace', mode: 'exclusive' },
      { name: 'b', scope: 'workspace', mode: 'exclusive' },
      { name: '', scope: 'workspace', mode: 'shared' },
    ])
  })

  test('one without a key takes all of it', () => {
    expect(leaseRequestsOf(claimOf(undefined, 'exclusive'))).toEqual([
      { name: '', scope: 'workspace', mode: 'exclusive' },
    ])
  })

  test('a claim of the machine also shows in its workspace', () => {
    expect(leaseRequestsOf(claimOf({ key: 'a', scope: 'machine' }, 'shared'))).toEqual([
      { name: 'a', scope: 'machine', mode: 'shared' },
      { name: '', scope: 'machine', mode: 'shared' },
      { name: '', scope: 'workspace', mode: 'shared' },
    ])
  })
})
