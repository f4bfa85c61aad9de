import type { HostOfWorker, Runner, Test } from './host.js'

const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')

const NO_TEST = Symbol('no test')

/** Whose function is running. */
export class RunningTest {
  readonly #host: HostOfWorker
  readonly #storage = new AsyncLocalStorage<Test | typeof NO_TEST>()
  #isFollowing = false

  constructor(host: HostOfWorker) {
    this.#host = host
  }

  get current(): Test | undefined {
    const test = this.#storage.getStore()
    return test === undefined || test === NO_TEST ? this.#host.currentTest() : test
  }

  /** From now on the function and the hooks of every test know whose they are, also where several run at once. */
  follow(): void {
    if (this.#isFollowing) return
    this.#isFollowing = true
    // Node 20 follows only what begins after a storage was first used: the file in which tests run begins now.
    this.#storage.run(NO_TEST, () => undefined)
    const { runner, functionOf } = this.#host
    const { runTask } = runner
    const storage = this.#storage
    runner.runTask = function patched(this: Runner, test) {
      return storage.run(test, () => (runTask === undefined ? functionOf(test)() : runTask.call(this, test)))
    }
  }

  /**
   * Whatever the caller does from here on is of this test. Not for the start of a whole test: those who run one test after
   * the other would still be in it when it is over.
   */
  enter(test: Test): void {
    if (this.#isFollowing) this.#storage.enterWith(test)
  }
}
