import { expect, test } from 'vitest'
import { addToError } from './add-to-error.js'

const PARAGRAPH = 'Kept: /tmp/x'

test('the paragraph comes after the message and before the stack', () => {
  const error = new Error('expected 1\n\nreceived 2')
  error.stack = 'Error: expected 1\n\nreceived 2\n    at Object.<anonymous> (/a.test.js:3:4)\n    at next (/b.js:1:1)'
  expect(addToError(error, PARAGRAPH)).toBe(error)
  expect(error.message).toBe('expected 1\n\nreceived 2\n\nKept: /tmp/x')
  expect(error.stack).toBe(
    'Error: expected 1\n\nreceived 2\n\nKept: /tmp/x\n    at Object.<anonymous> (/a.test.js:3:4)\n    at next (/b.js:1:1)',
  )
})

test('an error comes alone or with the place of its test, and a time-out is a text', () => {
  const place = new Error('place')
  const error = new Error('no')
  expect(addToError([error, place], PARAGRAPH)).toEqual([error, place])
  expect(error.stack).toMatch(/^Error: no\n\nKept: \/tmp\/x\n\s+at /)
  expect(addToError(['Exceeded timeout', place], PARAGRAPH)).toEqual(['Exceeded timeout\n\nKept: /tmp/x', place])
  expect(place.message).toBe('place')
})

test('an error without a stack has it in its message', () => {
  expect(addToError({ message: 'assertion' }, PARAGRAPH)).toEqual({ message: 'assertion\n\nKept: /tmp/x' })
})

test('nothing is added to what cannot be changed', () => {
  const frozen = Object.freeze(new Error('frozen'))
  for (const error of [frozen, undefined, null, 7, {}, [undefined, new Error('place')]]) {
    expect(addToError(error, PARAGRAPH)).toBeUndefined()
  }
})
