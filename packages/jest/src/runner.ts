import { runOf } from './adopt-tests.js'
import { stockRunner } from './host.js'
import type { HostEvents, HostGlobalConfig, HostTest, HostWatcher } from './host-types.js'
import { shouldUseWorkers } from './in-band.js'
import type { JestRun } from './jest-run.js'
import { foundTests } from './found-tests.js'
import { recordFiles } from './record-files.js'
import { STOP_EVENT, StoppedWorkers } from './stopped-worker.js'

/** Jest's own runner; all it adds is that every file is measured, and workers stopped for `serial` explained. The sequencer puts it into the projects. */
class HeddleRunner extends stockRunner().Runner {
  readonly #globalConfig: HostGlobalConfig
  readonly #stopped = new StoppedWorkers()

  constructor(globalConfig: HostGlobalConfig, context: unknown, options?: unknown) {
    super(globalConfig, context, options)
    this.#globalConfig = globalConfig
    super.on(STOP_EVENT, ([message]) => this.#stopped.stop(message))
  }

  /** Whoever listens for failures is told why heddle stopped a worker. */
  override on<Name extends keyof HostEvents>(event: Name, listener: (args: HostEvents[Name]) => unknown): () => void {
    if (event !== 'test-file-failure') return super.on(event, listener)
    const onFailure = listener as (args: HostEvents['test-file-failure']) => unknown
    return super.on('test-file-failure', ([test, error]) => onFailure([test, this.#stopped.explain(test.path, error)]))
  }

  override async runTests(
    tests: HostTest[],
    watcher: HostWatcher,
    options: { readonly serial: boolean },
  ): Promise<void> {
    const run = tests[0] && runOf(tests[0])
    if (run === undefined || this.#globalConfig.collectTests) return super.runTests(tests, watcher, options)
    return super.runTests(tests, watcher, { ...options, serial: this.#prepare(run, tests, watcher, options.serial) })
  }

  /** @returns whether the files are to run in band */
  #prepare(run: JestRun, tests: readonly HostTest[], watcher: HostWatcher, serial: boolean): boolean {
    const globalConfig = this.#globalConfig
    let inBand = serial
    run.guard(() => {
      const files = foundTests(run.session.workspace, tests)
      inBand =
        serial &&
        !shouldUseWorkers(
          files.map(({ key }) => run.expectedMs.get(key) ?? 0),
          globalConfig,
        )
      run.begin(files, { globalConfig, workers: inBand ? 1 : globalConfig.maxWorkers })
      recordFiles(this, run, { globalConfig, watcher, inBand })
    })
    return inBand
  }
}

export = HeddleRunner
