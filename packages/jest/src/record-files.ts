import { isWorkerCrash } from './host.js'
import type { HostGlobalConfig, HostRunner, HostTest, HostTestResult, HostWatcher } from './host-types.js'
import type { JestRun } from './jest-run.js'
import { measureFailure, measureResult } from './measure-file.js'

/** What surrounds the files of one call of a runner. */
export interface Surroundings {
  readonly globalConfig: HostGlobalConfig
  readonly watcher: Pick<HostWatcher, 'isInterrupted'>
  readonly inBand: boolean
  /** @default Date.now */
  readonly now?: () => number
}

/**
 * Records files as they end: Jest's own listeners stay, and on `--bail` they leave the process after the first of
 * them, so nothing can wait for the end of the run.
 */
export function recordFiles(
  runner: Pick<HostRunner, 'on'>,
  run: JestRun,
  { globalConfig, watcher, inBand, now = Date.now }: Surroundings,
): void {
  const dispatched = new Map<HostTest, number>()
  const focused = new Set<string>()
  const isFiltered = Boolean(globalConfig.testNamePattern)

  const isNarrowed = (result: HostTestResult): boolean =>
    isFiltered || watcher.isInterrupted() || (focused.has(result.testFilePath) && result.numPendingTests > 0)
  // The first file of a worker waits for its start, which is nobody's duration; with a memory limit every file does.
  const startOf = (test: HostTest, { perfStats }: HostTestResult): number => {
    const at = dispatched.get(test) ?? perfStats.start
    return isPresent(globalConfig.workerIdleMemoryLimit) ? at : Math.max(at, perfStats.start)
  }

  runner.on('test-file-start', ([test]) => void dispatched.set(test, now()))
  runner.on('test-case-start', ([path, { mode }]) => {
    if (mode === 'only') focused.add(path)
  })
  runner.on('test-file-success', ([test, result]) =>
    run.guard(() => run.add(run.keyOf(test), measureResult(result, now() - startOf(test, result), isNarrowed(result)))),
  )
  runner.on('test-file-failure', ([test, error]) =>
    run.guard(() => {
      const startedAt = dispatched.get(test)
      // Files that were not started before an interrupt are reported as failures, too.
      if (startedAt === undefined || watcher.isInterrupted()) return
      const outcome = !inBand && isWorkerCrash(error) ? 'crashed' : 'failed'
      run.add(run.keyOf(test), measureFailure(outcome, now() - startedAt))
    }),
  )
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}
