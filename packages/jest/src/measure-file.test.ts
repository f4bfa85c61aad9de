import { expect, test } from 'vitest'
import { resultOf } from '../fixtures/host.js'
import { measureFailure, measureResult } from './measure-file.js'

test('counts tests, and repetitions as retries', () => {
  const testResults = [
    { status: 'passed', invocations: 3 },
    { status: 'pending' },
    { status: 'failed', invocations: 2 },
  ]
  const result = resultOf('/a', { testResults, numFailingTests: 1 })
  expect(measureResult(result, 80, false)).toEqual({
    slotMs: 80,
    waitMs: 0,
    tests: 3,
    retries: 3,
    outcome: 'failed',
    isPartial: false,
  })
})

test.each([
  ['passed', {}],
  ['skipped', { skipped: true }],
  ['failed', { numFailingTests: 1 }],
  ['failed', { leaks: true }],
  ['failed', { testExecError: { message: 'no' } }],
  // Jest says of a file without tests that all of them were skipped, and fails it.
  ['failed', { testResults: [], skipped: true }],
] as const)('%s: %j', (outcome, result) => {
  expect(measureResult(resultOf('/a', result), 1, false).outcome).toBe(outcome)
})

test('a file that could not run to its end is partial: its duration says little', () => {
  expect(measureResult(resultOf('/a', { testExecError: {} }), 1, false).isPartial).toBe(true)
  expect(measureResult(resultOf('/a', { testExecError: null }), 1, false).isPartial).toBe(false)
  expect(measureResult(resultOf('/a'), 1, true).isPartial).toBe(true)
  expect(measureFailure('crashed', 1)).toMatchObject({ outcome: 'crashed', isPartial: true })
})
