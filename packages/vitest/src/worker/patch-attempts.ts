import type { FixturesOfWorker } from './fixtures-of-worker.js'
import { isSkippedWhileRunning, mayBeTriedAgain, type Runner } from './host.js'
import type { ResourcesOfWorker } from './resources-of-worker.js'
import type { RunningTest } from './running-test.js'

/** What follows the attempts of each test. */
export interface AttemptFollowers {
  readonly running: RunningTest
  readonly fixtures: FixturesOfWorker
  readonly resources: ResourcesOfWorker
}

/** Has them follow; on the class, as `patchRunner` does. The first attempt begins with the test. */
export function patchAttempts(runner: Runner, { running, fixtures, resources }: AttemptFollowers): void {
  const { onBeforeTryTask, onAfterRetryTask } = runner
  runner.onBeforeTryTask = async function patched(this: Runner, test, tried) {
    // Vitest 3 does not tell when an attempt has ended.
    const begun = fixtures.attemptOf(test)
    const attempt = begun === undefined || begun.isEntered ? running.begin(test) : begun
    // Before anything is awaited: later it would be entered for nobody but this function.
    running.enter(attempt)
    await onBeforeTryTask?.call(this, test, tried)
    if (attempt !== begun) await fixtures.beginAttempt(attempt)
    // Not before it is known that there is another attempt; of the first one, that has been done.
    await resources.beginAttempt(attempt)
  }
  runner.onAfterRetryTask = async function patched(this: Runner, test, tried) {
    await onAfterRetryTask?.call(this, test, tried)
    // Nobody tells when a test that skips itself has ended. The last attempt ends with the test, after what is left of aroundEach.
    if (isSkippedWhileRunning(test)) await fixtures.endAttempt(test)
    else if (mayBeTriedAgain(test, tried)) await fixtures.beginAttempt(running.begin(test))
  }
}
