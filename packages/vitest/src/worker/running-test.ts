import type { HostOfWorker, Runner, Test } from './host.js'

const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')

/** Whose function is running. */
export class RunningTest {
  readonly #host: HostOfWorker
  readonly #storage = new AsyncLocalStorage<Test>()

  constructor(host: HostOfWorker) {
    this.#host = host
  }

  get current(): Test | undefined {
    return this.#storage.getStore() ?? this.#host.currentTest()
  }

  /** From now on the function of every test knows whose it is, also where several run at once. */
  follow(): void {
    const { runner, functionOf } = this.#host
    const { runTask } = runner
    const storage = this.#storage
    runner.runTask = function patched(this: Runner, test) {
      return storage.run(test, () => (runTask === undefined ? functionOf(test)() : runTask.call(this, test)))
    }
  }
}
