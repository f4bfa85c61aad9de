import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { codeOf, HeddleError, isHeddleError, reasonOf } from './errors.js'

const error = new HeddleError('HEDDLE_USAGE', { problem: 'Cannot run "x": no such command', fix: 'run `heddle help`.' })

test('an error tells its code, the problem and the fix', () => {
  expect(error.message).toBe('HEDDLE_USAGE: Cannot run "x": no such command\nFix: run `heddle help`.')
  expect(error).toMatchObject({ name: 'HeddleError', code: 'HEDDLE_USAGE' })
})

test('an error keeps its cause, and has none when it was given none', () => {
  const cause = new Error('why')
  expect(new HeddleError('HEDDLE_USAGE', { problem: '', fix: '', cause }).cause).toBe(cause)
  expect('cause' in error).toBe(false)
})

test('a heddle error is known by its brand, also one of another copy of the module', () => {
  expect(isHeddleError(error)).toBe(true)
  expect(isHeddleError(runInNewContext("({ [Symbol.for('heddle.error')]: true })"))).toBe(true)
})

test.each([new Error('x'), 'HEDDLE_USAGE', null, undefined, { code: 'HEDDLE_USAGE' }])(
  '%s is no heddle error',
  (value) => {
    expect(isHeddleError(value)).toBe(false)
  },
)

test('the reason of anything thrown is text', () => {
  const thrown: unknown[] = [error, runInNewContext("new Error('far')"), 'text', null, undefined, { message: 5 }]
  expect(thrown.map(reasonOf)).toEqual([error.message, 'far', 'text', 'null', 'undefined', '5'])
})

test('the code of a system error is found without instanceof', () => {
  expect(codeOf({ code: 'ENOENT' })).toBe('ENOENT')
  expect([new Error('x'), null, 'ENOENT'].map(codeOf)).toEqual([undefined, undefined, undefined])
})
