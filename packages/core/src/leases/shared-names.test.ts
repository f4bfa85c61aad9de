import { expect, test } from 'vitest'
import { describeSharedLease, sharedLeaseName } from './shared-names.js'

test('leases of what is shared are told apart, for people', () => {
  expect(describeSharedLease(sharedLeaseName('use', 'r-0123456789', 'data:base'))).toBe('shared("data:base")')
  expect(describeSharedLease(sharedLeaseName('make', '', 'db\n'))).toBe('the making of shared("db\\n")')
  expect(describeSharedLease('shared-use')).toBeUndefined()
  expect(describeSharedLease('ledger')).toBeUndefined()
})

test('the same key in two runs, and for all runs, is three things', () => {
  const names = ['r-1', 'r-2', ''].map((run) => sharedLeaseName('use', run, 'db'))
  expect(new Set(names).size).toBe(3)
})
