import { expect, test } from 'vitest'
import { describeUnknownKeys, guessOf } from './unknown-keys.js'

test('nothing is said about known keys', () => {
  expect(describeUnknownKeys({ a: 1, b: 2 }, ['a', 'b', 'c'])).toEqual([])
})

test('every unknown key is told, with its path', () => {
  expect(describeUnknownKeys({ limitt: 1, zzzzzz: 2 }, ['limit', 'scope'], 'groups.db.')).toEqual([
    'unknown option "groups.db.limitt", did you mean "groups.db.limit"?',
    'unknown option "groups.db.zzzzzz", known are limit, scope',
  ])
})

test('what is far from everything has no guess', () => {
  expect(guessOf('postgress', ['redis', 'postgres'])).toBe('postgres')
  expect(guessOf('kafka', ['redis', 'postgres'])).toBeUndefined()
  expect(guessOf('kafka', [])).toBeUndefined()
})
