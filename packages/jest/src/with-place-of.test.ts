import { expect, test } from 'vitest'
import { withPlaceOf } from './with-place-of.js'

test('an error is shown at the line of the test, with its own message and code', () => {
  const error = Object.assign(new Error('no'), { code: 'ENO' })
  const asyncError = { message: '', stack: 'Error: \n    at Object.<anonymous> (/a.test.js:3:1)' }
  const placed = withPlaceOf({ asyncError }, error) as typeof error
  expect(placed.stack).toBe('no\n    at Object.<anonymous> (/a.test.js:3:1)')
  expect(placed).toMatchObject({ message: 'no', code: 'ENO' })
  placed.message = 'no, really'
  expect(error.message).toBe('no')
})

test('where the line is not known the error is as it was', () => {
  const error = new Error('no')
  expect(withPlaceOf({ asyncError: undefined }, error)).toBe(error)
})
