import type { HostTestResult } from './host-types.js'

/** Whether a test of the file has failed, or the file itself. */
export function hasFailures(result: Pick<HostTestResult, 'numFailingTests' | 'testExecError'>): boolean {
  return result.numFailingTests > 0 || couldNotRun(result)
}

/** Whether the file itself has failed: it could not be loaded, for example. */
export function couldNotRun({ testExecError }: Pick<HostTestResult, 'testExecError'>): boolean {
  return testExecError !== undefined && testExecError !== null
}
