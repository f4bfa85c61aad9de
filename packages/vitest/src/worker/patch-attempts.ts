import type { FixturesOfWorker } from './fixtures-of-worker.js'
import { isSkippedWhileRunning, mayBeTriedAgain, type Runner } from './host.js'
import type { RunningTest } from './running-test.js'

/** Has fixtures follow the attempts of each test; on the class, as `patchRunner` does. */
export function patchAttempts(runner: Runner, running: RunningTest, fixtures: FixturesOfWorker): void {
  const { onBeforeTryTask, onAfterRetryTask } = runner
  runner.onBeforeTryTask = async function patched(this: Runner, test, tried) {
    // Before anything is awaited: later it would be entered for nobody but this function.
    running.enter(test)
    await onBeforeTryTask?.call(this, test, tried)
    await fixtures.beginAttempt(test)
  }
  runner.onAfterRetryTask = async function patched(this: Runner, test, tried) {
    await onAfterRetryTask?.call(this, test, tried)
    // The last attempt ends later, after what is left of aroundEach; that of a test that skipped itself, nobody tells.
    if (mayBeTriedAgain(test, tried) || isSkippedWhileRunning(test)) await fixtures.endAttempt(test)
  }
}
