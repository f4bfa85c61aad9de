import { expect, test } from 'vitest'
import { checkFileClaim } from './check-file-claim.js'
import { claimOf, type SerialOptions } from './serial-claim.js'

function check(called: SerialOptions, read: SerialOptions | undefined): () => void {
  return () => checkFileClaim(claimOf(called, 'exclusive'), read && claimOf(read, 'exclusive'), 'a.test.ts')
}

test.each<[SerialOptions, SerialOptions]>([
  [{ key: 'a' }, { key: 'a' }],
  [{ key: ['b', 'a'] }, { key: ['a', 'b'] }],
  [{ key: 'a' }, { key: ['a', 'b'] }],
  [{ key: 'a' }, {}],
  [{}, {}],
])('a call with %j is fine where %j was read', (called, read) => {
  expect(check(called, read)).not.toThrow()
})

test.each<[SerialOptions, SerialOptions | undefined]>([
  [{ key: 'a' }, undefined],
  [{ key: ['a', 'b'] }, { key: 'a' }],
  [{}, { key: 'a' }],
  [{ key: 'a', scope: 'machine' }, { key: 'a' }],
])('a call with %j is an error where %j was read', (called, read) => {
  expect(check(called, read)).toThrow(/HEDDLE_SERIAL_INVALID: Cannot use serial: serial\.file of a\.test\.ts asks for/)
})

test.each<SerialOptions>([
  { key: 'a', timeoutMs: 5 },
  { key: 'a', onTimeout: 'stop-worker' },
])('%j has options that would do nothing', (called) => {
  expect(check(called, { key: 'a' })).toThrow('"a" with options')
})
