import type { ResolvedOptions, Session } from '@heddle/core'
import type { FixtureSettings } from '@heddle/core/fixtures'
import { newSettings, RunFixtures, type RunFixturesSetup, type RunWork } from '@heddle/core/run-fixtures'

/** What stays the same in all runs of a Vitest. */
type Runs = Pick<RunFixturesSetup, 'root' | 'runId'>

/** The fixtures of one Vitest in its main process, run after run. */
export class FixturesOfRuns {
  readonly #runs: Runs
  #fixtures: RunFixtures | undefined
  #isRunning = false

  constructor(runs: Runs) {
    this.#runs = runs
  }

  /** What workers are told where nothing runs, because tests are only listed: of no resources. */
  settingsFor(options: ResolvedOptions): FixtureSettings {
    return { ...newSettings({ ...this.#runs, options }), resources: undefined }
  }

  /** Files are about to run; Vitest 3 says so for each pool. @returns what their workers are told */
  begin({ options, print }: Session, work: RunWork): FixtureSettings {
    const fixtures = (this.#fixtures ??= new RunFixtures({ ...this.#runs, options, print }))
    if (!this.#isRunning) fixtures.begin(work)
    this.#isRunning = true
    return fixtures.settings
  }

  /** The run is over. */
  async end(hasFailed: boolean): Promise<void> {
    if (!this.#isRunning) return
    this.#isRunning = false
    await this.#fixtures?.close({ hasFailed })
  }
}
