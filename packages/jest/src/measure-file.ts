import type { FileMeasurement, Outcome } from '@heddle/core'
import { couldNotRun, hasFailures } from './has-failures.js'
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
    isPartial: isNarrowed || couldNotRun(result),
  }
}

/** What a file took that never got to a result: its worker died, or it could not be loaded. */
export function measureFailure(outcome: 'failed' | 'crashed', slotMs: number): FileMeasurement {
  return { slotMs, tests: 0, retries: 0, outcome, isPartial: true }
}

function outcomeOf(result: HostTestResult): Outcome {
  // Jest fails a file without tests, and one that leaks with --detectLeaks.
  const hasFailed = hasFailures(result) || result.testResults.length === 0 || result.leaks
  if (hasFailed) return 'failed'
  return result.skipped ? 'skipped' : 'passed'
}
