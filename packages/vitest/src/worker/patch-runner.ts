import type { Runner, Suite, Test } from './host.js'

/** What happens in a runner, where Vitest waits and counts nothing. */
export interface RunnerEvents {
  /** A setup file is about to be imported. */
  setup(): Promise<void>
  /** A test file is about to be imported. @returns whether it is still wanted */
  openFile(runner: Runner, path: string): Promise<boolean>
  /** It has been imported, or could not be. */
  afterImport(runner: Runner): Promise<void>
  beforeSuite(runner: Runner, suite: Suite): Promise<void>
  afterSuite(suite: Suite): Promise<void>
  beforeTest(runner: Runner, test: Test): Promise<void>
  afterAttempt(test: Test): void
}

/**
 * On the class, because a runner of the user's inherits from it, and because Vitest has long made its runner when the
 * first setup file runs.
 *
 * @param setupFile the one that calls this, needed once
 */
export function patchRunner(runner: Runner, setupFile: string, events: RunnerEvents): void {
  const { importFile, onBeforeRunSuite, onAfterRunSuite, onBeforeRunTask, onTaskFinished } = runner
  runner.importFile = async function patched(this: Runner, path, source) {
    // Workers that are not isolated come here again for every file, each time by way of the main process.
    if (source === 'setup' && path === setupFile) return events.setup()
    if (source !== 'collect') return importFile.call(this, path, source)
    if (!(await events.openFile(this, path))) return undefined
    try {
      return await importFile.call(this, path, source)
    } finally {
      await events.afterImport(this)
    }
  }
  runner.onBeforeRunSuite = async function patched(this: Runner, suite) {
    await onBeforeRunSuite?.call(this, suite)
    await events.beforeSuite(this, suite)
  }
  runner.onAfterRunSuite = async function patched(this: Runner, suite) {
    await onAfterRunSuite?.call(this, suite)
    await events.afterSuite(suite)
  }
  runner.onBeforeRunTask = async function patched(this: Runner, test) {
    await onBeforeRunTask?.call(this, test)
    await events.beforeTest(this, test)
  }
  runner.onTaskFinished = async function patched(this: Runner, test) {
    await onTaskFinished?.call(this, test)
    events.afterAttempt(test)
  }
}
