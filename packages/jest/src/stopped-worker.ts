/** What a worker says before it is stopped because a test in it timed out. */
export interface StopMessage {
  /** The test file. */
  readonly path: string
  readonly test: string
  readonly pid: number
}

export const STOP_EVENT = 'heddle-stop'

/** The main process kills the worker, so the message cannot be lost with it; if nobody listens, it does so itself. */
const PATIENCE_MS = 2000

const { setTimeout: startTimer } = globalThis

export function sendStop(
  send: (event: string, payload: readonly [StopMessage]) => unknown,
  message: StopMessage,
): Promise<never> {
  send(STOP_EVENT, [message])
  startTimer(() => process.kill(message.pid, 'SIGKILL'), PATIENCE_MS)
  return new Promise(() => undefined)
}

/** In the main process: the workers that were stopped, and what is said of their files. */
export class StoppedWorkers {
  readonly #tests = new Map<string, string>()

  stop({ path, test, pid }: StopMessage): void {
    this.#tests.set(path, test)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }

  /** What a file failed with, in words that say why its worker died. */
  explain(path: string, error: unknown): unknown {
    const test = this.#tests.get(path)
    if (test === undefined) return error
    this.#tests.delete(path)
    const message = `"${test}" has timed out, and its worker was stopped so that nobody waits for what it still does (onTimeout: 'stop-worker'). Tests of this file after it did not run.`
    // With the type that jest-worker's own errors have.
    return { type: 'WorkerError', message, stack: message }
  }
}
