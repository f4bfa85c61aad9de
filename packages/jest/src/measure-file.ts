import type { FileMeasurement, Outcome } from '@heddle/core'
import type { HostTestResult } from './host-types.js'

/** What a file took that ended by itself. */
export function measureResult(result: HostTestResult, slotMs: number, isNarrowed: boolean): FileMeasurement {
  return {
    slotMs,
    waitMs: result.heddle?.waitMs ?? 0,
    held: result.heddle?.held,
    tests: result.testResults.length,
    retries: result.testResults.reduce((sum, { invocations = 1 }) => sum + Math.max(0, invocations - 1), 0),
    outcome: outcomeOf(result),
    isPartial: isNarrowed || isPresent(result.testExecError),
  }
}

/** What a file took that never got to a result: its worker died, or it could not be loaded. */
export function measureFailure(outcome: 'failed' | 'crashed', slotMs: number): FileMeasurement {
  return { slotMs, tests: 0, retries: 0, outcome, isPartial: true }
}

function outcomeOf({ testResults, numFailingTests, leaks, testExecError, skipped }: HostTestResult): Outcome {
  // Jest fails a file without tests, and one that leaks with --detectLeaks.
  const hasFailed = numFailingTests > 0 || isPresent(testExecError) || testResults.length === 0 || leaks
  if (hasFailed) return 'failed'
  return skipped ? 'skipped' : 'passed'
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}
