import { expect, test } from 'vitest'
import { isOneAtATime } from './one-at-a-time.js'

test.each(['1', 'true', 'TRUE'])('%j asks for it', (text) => {
  expect(isOneAtATime({ HEDDLE_ONE_AT_A_TIME: text })).toBe(true)
})

test.each([undefined, '', '0', 'false'])('%j does not', (text) => {
  expect(isOneAtATime({ HEDDLE_ONE_AT_A_TIME: text })).toBe(false)
})

test('anything else is an error', () => {
  expect(() => isOneAtATime({ HEDDLE_ONE_AT_A_TIME: 'yes' })).toThrow(
    'HEDDLE_OPTIONS_INVALID: Cannot use HEDDLE_ONE_AT_A_TIME="yes": it must be 1 or 0\nFix: set it to 1',
  )
})
