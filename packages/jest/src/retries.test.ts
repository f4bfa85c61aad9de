import { expect, test } from 'vitest'
import { Block, stateOf } from '../fixtures/circus.js'
import { willRetryAtOnce } from './retries.js'

const AT_ONCE = { [Symbol.for('RETRY_TIMES')]: 2, [Symbol.for('RETRY_IMMEDIATELY')]: true }

test('a failed test is retried at once as often as it may', () => {
  const retried = [1, 2, 3].map((invocations) => {
    const one = new Block().test('is flaky', { errors: ['no'], invocations })
    return willRetryAtOnce(one, stateOf(), AT_ONCE)
  })
  expect(retried).toEqual([true, true, false])
})

test('one that passed, or is retried after others, is not', () => {
  const failed = new Block().test('is flaky', { errors: ['no'] })
  expect(willRetryAtOnce(new Block().test('passes'), stateOf(), AT_ONCE)).toBe(false)
  expect(willRetryAtOnce(failed, stateOf(), { [Symbol.for('RETRY_TIMES')]: 2 })).toBe(false)
  expect(willRetryAtOnce(failed, stateOf(), {})).toBe(false)
})

test('one whose whole block is retried is not', () => {
  const block = new Block().describe('flaky')
  const failed = block.describe('inner').test('fails', { errors: ['no'] })
  const describeRetryOptions = new Map([[block, {}]])
  expect(willRetryAtOnce(failed, stateOf({ describeRetryOptions }), AT_ONCE)).toBe(false)
})
