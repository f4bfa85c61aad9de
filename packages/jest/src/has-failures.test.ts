import { expect, test } from 'vitest'
import { couldNotRun, hasFailures } from './has-failures.js'

test('a file fails with one of its tests, and if it could not run', () => {
  expect(hasFailures({ numFailingTests: 0 })).toBe(false)
  // Jest 29 says null.
  expect(hasFailures({ numFailingTests: 0, testExecError: null })).toBe(false)
  expect(hasFailures({ numFailingTests: 1 })).toBe(true)
  expect(hasFailures({ numFailingTests: 0, testExecError: { message: 'no' } })).toBe(true)
  expect(couldNotRun({})).toBe(false)
})
