import type { RunWork } from '@heddle/core/run-fixtures'
import { runOf } from './adopt-tests.js'
import type { FixturesOfRun } from './fixtures-of-run.js'
import { stockRunner } from './host.js'
import { foundTests, type FoundTest } from './found-tests.js'
import type { HostEvents, HostGlobalConfig, HostRunOptions, HostTest, HostWatcher } from './host-types.js'
import { shouldUseWorkers } from './in-band.js'
import { isPartial } from './is-partial.js'
import type { JestRun } from './jest-run.js'
import type { Placeholders } from './placeholders.js'
import { prepareVariables } from './prepare-variables.js'
import { recordFiles } from './record-files.js'
import type { Width } from './run-groups.js'
import { STOP_EVENT, StoppedWorkers } from './stopped-worker.js'

interface RunArguments {
  readonly tests: HostTest[]
  readonly watcher: HostWatcher
  readonly options: HostRunOptions
}

type Listener<Name extends keyof HostEvents> = (args: HostEvents[Name]) => unknown

/**
 * Jest's own runner. It adds that every file is measured, that files wait for their groups and weights while others use
 * the workers, and that workers stopped for `serial` are explained. The sequencer puts it into the projects.
 */
class HeddleRunner extends stockRunner().Runner {
  readonly #globalConfig: HostGlobalConfig
  readonly #stopped = new StoppedWorkers()
  /** Undefined if no file waits for anything but a worker. */
  #placeholders: Placeholders | undefined
  #fixtures: FixturesOfRun | undefined
  #isWatching = false

  constructor(globalConfig: HostGlobalConfig, context: unknown, options?: unknown) {
    super(globalConfig, context, options)
    this.#globalConfig = globalConfig
    super.on(STOP_EVENT, ([message]) => this.#stopped.stop(message))
    super.on('test-file-success', ([test, result]) => {
      this.#placeholders?.end(test)
      this.#fixtures?.add(result)
    })
    super.on('test-file-failure', ([test]) => {
      this.#placeholders?.end(test)
      this.#fixtures?.fail()
    })
  }

  /** Whoever listens is told of files, not of what Jest has in their place, and why heddle stopped a worker. */
  override on<Name extends keyof HostEvents>(event: Name, listener: Listener<Name>): () => void {
    if (event === 'test-file-start') return this.#onStart(listener as Listener<'test-file-start'>)
    if (event === 'test-file-success') return this.#onSuccess(listener as Listener<'test-file-success'>)
    if (event === 'test-file-failure') return this.#onFailure(listener as Listener<'test-file-failure'>)
    return super.on(event, listener)
  }

  override async runTests(tests: HostTest[], watcher: HostWatcher, options: HostRunOptions): Promise<void> {
    const run = tests[0] && runOf(tests[0])
    if (run === undefined || this.#globalConfig.collectTests) await super.runTests(tests, watcher, options)
    else await this.#run(run, { tests, watcher, options })
  }

  async #run(run: JestRun, { tests, watcher, options }: RunArguments): Promise<void> {
    const files = foundTests(run.session.workspace, tests)
    const inBand = options.serial && !this.#shouldUseWorkers(run, files)
    const width = { inBand, workers: inBand ? 1 : this.#globalConfig.maxWorkers }
    this.#record(run, files, watcher, width)
    if (!isPartial(this.#globalConfig)) run.groups?.warn()
    const placeholders = (this.#placeholders = run.groups?.placeholdersFor(files, width))
    watcher.on('change', ({ interrupted }) => {
      if (interrupted) placeholders?.stop()
    })
    const work = { workers: width.workers, files: tests.map(({ path }) => path) }
    this.#beginFixtures(run, watcher, work)
    const unset = await prepareVariables(run.fixtures, { ...work, inBand, tests })
    try {
      await super.runTests(placeholders?.tests ?? tests, watcher, { ...options, serial: inBand })
    } finally {
      await placeholders?.close()
      await this.#fixtures?.close()
      unset()
    }
  }

  #beginFixtures(run: JestRun, watcher: HostWatcher, work: RunWork): void {
    this.#isWatching = watcher.isWatchMode()
    this.#fixtures = run.fixtures
    run.guard(() => run.fixtures?.begin(work))
  }

  #onStart(listener: Listener<'test-file-start'>): () => void {
    return super.on('test-file-start', async ([test]) => {
      const chosen = await this.#placeholders?.choose(test)
      await listener([chosen?.test ?? test])
      // Jest reports it as the reason why the file failed.
      if (chosen?.refusal !== undefined) throw chosen.refusal
    })
  }

  #onSuccess(listener: Listener<'test-file-success'>): () => void {
    return super.on('test-file-success', ([test, result]) => {
      const tell = (): unknown => listener([this.#fileOf(test), result])
      return this.#fixtures?.isLast({ bail: this.#globalConfig.bail, isWatching: this.#isWatching })
        ? this.#fixtures.close(true).then(tell)
        : tell()
    })
  }

  #onFailure(listener: Listener<'test-file-failure'>): () => void {
    return super.on('test-file-failure', ([test, error]) => {
      const file = this.#fileOf(test)
      return listener([file, this.#stopped.explain(file.path, error)])
    })
  }

  #fileOf(test: HostTest): HostTest {
    return this.#placeholders?.fileOf(test) ?? test
  }

  #shouldUseWorkers({ jobs, groups }: JestRun, files: readonly FoundTest[]): boolean {
    const known = files.flatMap(({ key }) => jobs.get(key) ?? [])
    return shouldUseWorkers(known, this.#globalConfig, groups?.plan.limits)
  }

  #record(run: JestRun, files: readonly FoundTest[], watcher: HostWatcher, { workers, inBand }: Width): void {
    const globalConfig = this.#globalConfig
    run.guard(() => {
      run.begin(files, { globalConfig, workers })
      recordFiles(this, run, { globalConfig, watcher, inBand })
    })
  }
}

export = HeddleRunner
