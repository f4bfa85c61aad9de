import type { HostOfWorker, Runner, Test } from './host.js'

const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')

/** One attempt of a test: what goes on of an earlier one, after its time-out, is not of the next. */
export interface Attempt {
  readonly test: Test
  /** Whether its hooks have begun to run. */
  isEntered: boolean
}

const NONE = Symbol('no attempt')

/** Whose function is running. */
export class RunningTest {
  readonly #host: HostOfWorker
  readonly #storage = new AsyncLocalStorage<Attempt | typeof NONE>()
  readonly #attempts = new WeakMap<Test, Attempt>()
  #isFollowing = false

  constructor(host: HostOfWorker) {
    this.#host = host
  }

  get current(): Test | undefined {
    return this.attempt?.test
  }

  get attempt(): Attempt | undefined {
    const attempt = this.#storage.getStore()
    if (attempt !== undefined && attempt !== NONE) return attempt
    const test = this.#host.currentTest()
    return test && this.#attemptOf(test)
  }

  /** From now on the function and the hooks of every test know whose they are, also where several run at once. */
  follow(): void {
    if (this.#isFollowing) return
    this.#isFollowing = true
    // Node 20 follows only what begins after a storage was first used: the file in which tests run begins now.
    this.#storage.run(NONE, () => undefined)
    const { runner, functionOf } = this.#host
    const { runTask } = runner
    const run = (test: Test, task: () => unknown): unknown => this.#storage.run(this.#attemptOf(test), task)
    runner.runTask = function patched(this: Runner, test) {
      return run(test, () => (runTask === undefined ? functionOf(test)() : runTask.call(this, test)))
    }
  }

  /** What is asked for in the test from now on is of a new attempt, unless it is asked for by what goes on of an old one. */
  begin(test: Test): Attempt {
    const attempt = { test, isEntered: false }
    this.#attempts.set(test, attempt)
    return attempt
  }

  /**
   * Whatever the caller does from here on is of the attempt. Not to be called where the whole test begins: those who run one test
   * after the other would still be in it when it is over.
   */
  enter(attempt: Attempt): void {
    attempt.isEntered = true
    if (this.#isFollowing) this.#storage.enterWith(attempt)
  }

  #attemptOf(test: Test): Attempt {
    return this.#attempts.get(test) ?? this.begin(test)
  }
}
