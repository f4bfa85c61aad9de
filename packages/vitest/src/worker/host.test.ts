import { expect, test } from 'vitest'
import {
  blocksAround,
  failEarly,
  fullNameOf,
  hasRunnableTest,
  hasTimedOut,
  isRunnable,
  type Suite,
  type Test,
} from './host.js'

const file = { type: 'suite', name: 'a.test.ts', filepath: '/a.test.ts', mode: 'run' } as unknown as Suite

function suiteWith(parts: object): Suite {
  return { type: 'suite', name: 'block', mode: 'run', suite: file, tasks: [], ...parts } as unknown as Suite
}

function testWith(parts: object): Test {
  return { type: 'test', name: 'test', mode: 'run', suite: file, ...parts } as unknown as Test
}

test('a full name has every block, and not the file', () => {
  const outer = suiteWith({ name: 'ledger' })
  const inner = suiteWith({ name: 'year', suite: outer })
  expect(fullNameOf(testWith({ name: 'closes', suite: inner }))).toBe('ledger > year > closes')
  expect(fullNameOf(inner)).toBe('ledger > year')
  expect(blocksAround(testWith({ suite: inner }))).toEqual([inner, outer])
  expect(blocksAround(testWith({}))).toEqual([])
})

test.each([
  ['run', undefined, true],
  ['queued', undefined, true],
  ['skip', undefined, false],
  ['todo', undefined, false],
  ['run', { state: 'fail' }, false],
])('mode %s with result %j is runnable: %s', (mode, result, is) => {
  expect(isRunnable(testWith({ mode, result }))).toBe(is)
})

test('a block runs if any test in it does, however deep', () => {
  const skipped = testWith({ mode: 'skip' })
  const deep = suiteWith({ tasks: [suiteWith({ tasks: [skipped, testWith({})] })] })
  expect(hasRunnableTest(suiteWith({ tasks: [skipped] }))).toBe(false)
  expect(hasRunnableTest(deep)).toBe(true)
  expect(hasRunnableTest(suiteWith({ tasks: [suiteWith({ mode: 'skip', tasks: [testWith({})] })] }))).toBe(false)
})

test.each([
  ['Test timed out in 100ms.', true, false],
  ['Hook timed out in 100ms.', true, true],
  ['The setup phase of "aroundEach" hook timed out after 100ms.', true, true],
  ['expected "Test timed out in " to be ""', false, false],
])('"%s" is a time-out: %s; of a hook: %s', (message, isAny, isOfHook) => {
  const failed = testWith({ result: { state: 'fail', errors: [{ message: 'first' }, { message }] } })
  expect([hasTimedOut(failed, false), hasTimedOut(failed, true)]).toEqual([isAny, isOfHook])
})

test('what fails early keeps name, code and message of its error, after those it has', () => {
  const failed = testWith({ result: { state: 'pass', errors: [{ message: 'own' }] } })
  failEarly(failed, Object.assign(new Error('late'), { name: 'HeddleError', code: 'HEDDLE_LEASE_TIMEOUT' }))
  expect(failed.result).toMatchObject({
    state: 'fail',
    errors: [{ message: 'own' }, { name: 'HeddleError', code: 'HEDDLE_LEASE_TIMEOUT', message: 'late' }],
  })
})

test('what fails after an attempt is told with that attempt, where reporters of v5 look for it', () => {
  const attempts = [{ state: 'fail', errors: [{ message: 'first' }] }, { state: 'pass' }]
  const failed = testWith({ result: { state: 'pass', attempts } })
  failEarly(failed, new Error('late'))
  expect(failed.result).toMatchObject({ state: 'fail', errors: [{ message: 'late' }] })
  expect(attempts).toMatchObject([
    { state: 'fail', errors: [{ message: 'first' }] },
    { state: 'fail', errors: [{ message: 'late' }] },
  ])
})
