import type { Registrar, SerialClaim } from '@heddle/core/serial'
import { readFileSync } from 'node:fs'
import { loadLeases, loadSerial } from '../load-core.js'
import { claimOfMeta, claimOfSource, Engine } from './engine.js'
import { following } from './following.js'
import {
  fullNameOf,
  hasRunnableTest,
  hasTimedOut,
  isFile,
  isOnlyCollecting,
  isRunnable,
  isSkippedWhileRunning,
  type HostOfWorker,
  type Runner,
  type Suite,
  type Test,
} from './host.js'
import type { SerialFile } from './serial-file.js'
import { WORKER_RUN, type WorkerRun } from './worker-run.js'
import { WorkerStop } from './worker-stop.js'
import type { WorkerSide } from './worker-side.js'

const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')

/**
 * Makes serial tests wait where Vitest does not count it: before it starts the clock of a test, of a block, or of a
 * file's import. One per realm.
 */
export class SerialWorker implements WorkerSide {
  readonly test: Registrar
  readonly describe: Registrar
  readonly #host: HostOfWorker
  readonly #blocks = new WeakMap<Suite, SerialClaim>()
  readonly #followed = new WeakSet<Test>()
  readonly #wrapped = new WeakSet<object>()
  readonly #running = new AsyncLocalStorage<Test>()
  readonly #stop = new WorkerStop()
  #engine: Engine | undefined
  /** The file that this worker runs, and what it claims. */
  #path = ''
  #fileClaim: SerialClaim | undefined
  /** Only once something in it is serial. */
  #file: SerialFile | undefined

  constructor(host: HostOfWorker) {
    this.test = host.test
    this.describe = host.describe
    this.#host = host
  }

  registerTests(claim: SerialClaim, register: () => unknown): unknown {
    const { tasks } = this.#host.currentSuite()
    const before = tasks.length
    const result = register()
    for (const task of tasks.slice(before) as Test[]) {
      task.meta.serial = { ...claim }
      this.#followed.add(task)
    }
    return result
  }

  claimBlock(claim: SerialClaim): void {
    const { suite } = this.#host.currentSuite()
    if (suite !== undefined) this.#blocks.set(suite, claim)
  }

  claimFile(claim: SerialClaim): void {
    if (JSON.stringify(claim) === JSON.stringify(this.#fileClaim)) return
    const { HeddleError } = loadLeases()
    throw new HeddleError('HEDDLE_SERIAL_INVALID', {
      problem: `Cannot use serial.file in ${this.#path}: it is not what the source says, which is read before the file runs`,
      fix: "write serial.file('ledger') with a literal on a line of its own, or `@serial ledger` in a comment at the top.",
    })
  }

  runBody(body: () => unknown): unknown {
    const test = this.#currentTest()
    const holds = this.#file?.holdsAround(test) ?? []
    if (holds.length === 0) throw bypassed(this.#path)
    for (const hold of holds) hold.enter()
    const leave = (): void => {
      for (const hold of holds) hold.leave()
    }
    return following(body, leave)
  }

  isSerial(key: string | undefined): boolean {
    const test = this.#currentTest()
    if (test === undefined) return this.#file?.holds(key) ?? false
    const claims = this.#file?.holdsAround(test).map(({ claim }) => claim) ?? []
    return claims.some((claim) => loadSerial().isHeldBy(claim, key))
  }

  /**
   * On the class, because a runner of the user's inherits from it, and because Vitest has long made its runner when the
   * first setup file runs.
   *
   * @param setupFile the one that calls this, needed once
   */
  patchRunner(setupFile: string): void {
    const { runner } = this.#host
    const { importFile, onBeforeRunSuite, onAfterRunSuite, onBeforeRunTask, onTaskFinished } = runner
    // oxlint-disable-next-line typescript/no-this-alias, unicorn/no-this-assignment
    const worker = this
    runner.importFile = async function patched(this: Runner, path, source) {
      // Workers that are not isolated come here again for every file, each time by way of the main process.
      if (source === 'setup' && path === setupFile) return undefined
      if (source === 'collect' && !(await worker.#openFile(this, path))) return undefined
      return importFile.call(this, path, source)
    }
    runner.onBeforeRunSuite = async function patched(this: Runner, suite) {
      await onBeforeRunSuite?.call(this, suite)
      await worker.#beforeSuite(this, suite)
    }
    runner.onAfterRunSuite = async function patched(this: Runner, suite) {
      await onAfterRunSuite?.call(this, suite)
      await worker.#afterSuite(suite)
    }
    runner.onBeforeRunTask = async function patched(this: Runner, test) {
      await onBeforeRunTask?.call(this, test)
      await worker.#beforeTest(this, test)
    }
    runner.onTaskFinished = async function patched(this: Runner, test) {
      await onTaskFinished?.call(this, test)
      worker.#afterAttempt(test)
    }
  }

  /** @returns whether the file is still wanted */
  async #openFile(runner: Runner, path: string): Promise<boolean> {
    this.#path = path
    this.#file = undefined
    this.#fileClaim = claimOfSource(readSource(path))
    if (isOnlyCollecting(runner)) return true
    this.#wrap(runner)
    if (this.#fileClaim === undefined) return true
    const file = this.#serialFile()
    try {
      await file.open(this.#fileClaim)
    } catch (error) {
      if (!file.isCancelled) throw error
    }
    // Vitest then skips the file, which has no tests.
    if (file.isCancelled) runner.config.passWithNoTests = true
    return !file.isCancelled
  }

  async #beforeSuite(runner: Runner, suite: Suite): Promise<void> {
    await this.#stop.whenWanted()
    await this.#file?.endSkipped()
    if (isFile(suite)) {
      if (!isRunnable(suite)) await this.#closeFile(suite)
      return
    }
    const claim = this.#blocks.get(suite)
    if (claim !== undefined && isRunnable(suite) && hasRunnableTest(suite))
      await this.#begin(runner, suite, () => claim)
  }

  async #afterSuite(suite: Suite): Promise<void> {
    await this.#stop.whenWanted()
    await this.#file?.endSkipped()
    if (isFile(suite)) await this.#closeFile(suite)
    else await this.#file?.end(suite)
  }

  async #beforeTest(runner: Runner, test: Test): Promise<void> {
    await this.#stop.whenWanted()
    await this.#file?.endSkipped()
    const { serial } = test.meta
    if (serial === undefined || !isRunnable(test)) return
    await this.#begin(runner, test, () => claimOfMeta(serial))
    // Vitest asks there whether to bail; for a test that fails before it runs, it would not.
    if (test.result?.state === 'fail') await runner.onAfterRunTask?.(test)
  }

  async #begin(runner: Runner, task: Test | Suite, claimOf: () => SerialClaim): Promise<void> {
    const file = this.#serialFile()
    await file.begin(task, claimOf)
    if (!file.isCancelled && !runner.cancelRun) return
    task.mode = 'skip'
    await file.end(task)
  }

  #afterAttempt(test: Test): void {
    const file = this.#file
    if (file === undefined) return
    if (hasTimedOut(test, this.#followed.has(test))) file.abandon(test)
    if (isSkippedWhileRunning(test)) file.endWhenSkipped(test)
  }

  async #afterTest(test: Test): Promise<void> {
    const file = this.#file
    if (file === undefined) return
    if (hasTimedOut(test, this.#followed.has(test))) file.abandon(test)
    const stays = hasTimedOut(test, false) && file.holdsAround(test).some((hold) => hold.isBusy && hold.isStopWanted)
    await file.end(test)
    if (stays) this.#stop.begin(fullNameOf(test), this.#run().major)
  }

  async #closeFile(suite: Suite): Promise<void> {
    await this.#file?.close(suite)
    this.#file = undefined
  }

  /** What Vitest has put on the runner itself. */
  #wrap(runner: Runner): void {
    const { cancel, onAfterRunTask } = runner
    if (cancel !== undefined && !this.#wrapped.has(cancel)) {
      runner.cancel = (reason) => {
        this.#file?.cancel()
        return cancel.call(runner, reason)
      }
      this.#wrapped.add(runner.cancel)
    }
    if (this.#wrapped.has(runner)) return
    this.#wrapped.add(runner)
    runner.onAfterRunTask = async (test) => {
      await onAfterRunTask?.call(runner, test)
      await this.#afterTest(test)
    }
  }

  #serialFile(): SerialFile {
    this.#engine ??= this.#openEngine()
    return (this.#file ??= this.#engine.openFile(this.#path))
  }

  /** From now on the function of every test knows whose it is, also where several run at once. */
  #openEngine(): Engine {
    const { runner, functionOf } = this.#host
    const { runTask } = runner
    const running = this.#running
    runner.runTask = function patched(this: Runner, test) {
      return running.run(test, () => (runTask === undefined ? functionOf(test)() : runTask.call(this, test)))
    }
    return new Engine(this.#run(), () => this.#file?.holderOf(this.#currentTest()))
  }

  #currentTest(): Test | undefined {
    return this.#running.getStore() ?? this.#host.currentTest()
  }

  #run(): WorkerRun {
    return this.#host.inject(WORKER_RUN) as WorkerRun
  }
}

/** A virtual module has none. */
function readSource(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A serial test never runs without what it is to hold. */
function bypassed(path: string): Error {
  const { HeddleError } = loadLeases()
  return new HeddleError('HEDDLE_NOT_CONFIGURED', {
    problem: `Cannot run a serial test in ${path}: it holds nothing, because a custom runner does not call super.onBeforeRunTask, or because the test had timed out before its function began`,
    fix: 'let the runner call super, or shorten what runs before the test.',
  })
}
