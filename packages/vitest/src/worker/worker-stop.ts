import { loadCaptured } from '../load-core.js'
import { tell } from './engine.js'

const { isMainThread } = process.getBuiltinModule('node:worker_threads')
const kill = process.kill.bind(process)

/** Vitest tells the main process of a result up to 100 ms later. */
const REPORT_MS = 300

/** Ends this worker, and so whatever a test that timed out still does. */
export class WorkerStop {
  #isStopping = false
  #hasWarned = false

  /**
   * Lets Vitest report the test, then kills the process; a thread cannot be ended from inside, and Vitest 3 does not
   * survive the death of a worker: there the test is waited for instead.
   */
  begin(test: string, major: number): void {
    if (major < 4 || !isMainThread) this.#warn()
    else if (!this.#isStopping) this.#stop(test)
  }

  /** Never, once the worker is to end. */
  async whenWanted(): Promise<void> {
    if (this.#isStopping) await new Promise(() => undefined)
  }

  #stop(test: string): void {
    this.#isStopping = true
    tell(`stopping the worker, because "${test}" timed out and may still be running (onTimeout: 'stop-worker')`)
    loadCaptured().startTimer(() => kill(process.pid, 'SIGKILL'), REPORT_MS)
  }

  #warn(): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    tell(
      "onTimeout: 'stop-worker' needs Vitest 4 or later and a pool of processes; what timed out is waited for instead",
    )
  }
}
