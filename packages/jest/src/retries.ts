import { blocksAround } from './circus-tree.js'
import type { CircusState, CircusTest } from './circus-types.js'

const RETRY_TIMES = Symbol.for('RETRY_TIMES')
const RETRY_IMMEDIATELY = Symbol.for('RETRY_IMMEDIATELY')

interface RetryGlobals {
  readonly [RETRY_TIMES]?: unknown
  readonly [RETRY_IMMEDIATELY]?: unknown
}

/**
 * Whether a test that has just ended will be run again before any other. By default Jest retries after the other tests
 * of the block, which may need the same key.
 *
 * @param global of the sandbox, where `jest.retryTimes` leaves its options
 */
export function willRetryAtOnce(test: CircusTest, { describeRetryOptions }: CircusState, global: object): boolean {
  const { [RETRY_TIMES]: times, [RETRY_IMMEDIATELY]: isImmediate } = global as RetryGlobals
  const isRetriedWithItsBlock = blocksAround(test).some((block) => describeRetryOptions?.has(block))
  return Boolean(isImmediate) && !isRetriedWithItsBlock && test.errors.length > 0 && test.invocations <= Number(times)
}
