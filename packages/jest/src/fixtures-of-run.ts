import { reasonOf } from '@heddle/core'
import type { FixtureSettings } from '@heddle/core/fixtures'
import { RunFixtures, type EnvBySlot, type RunFixturesSetup, type RunWork } from '@heddle/core/run-fixtures'
import { hasFailures } from './has-failures.js'
import type { HostTestResult } from './host-types.js'
import { closeWorkerFixtures } from './worker-fixtures.js'
import { closeWorkerResources } from './worker-resources.js'

/** When Jest ends a run early. */
export interface EarlyEnd {
  /** After so many failed tests; 0: never. */
  readonly bail: number
  /** Jest stays then. */
  readonly isWatching: boolean
}

/** What the tests of a run share, and what is left of what they asked for: given back however the run ends. */
export class FixturesOfRun {
  readonly #fixtures: RunFixtures
  readonly #print: (line: string) => void
  #failedTests = 0
  #hasFailed = false

  constructor(setup: RunFixturesSetup) {
    this.#fixtures = new RunFixtures(setup)
    this.#print = setup.print
  }

  /** For the workers. */
  get settings(): FixtureSettings {
    return this.#fixtures.settings
  }

  /** Files are about to run. */
  begin(work: RunWork): void {
    this.#fixtures.begin(work)
  }

  /** See `RunFixtures` of core. @returns the variables of each worker, by slot, once there is all that they will use */
  prepare(work: RunWork): Promise<EnvBySlot> {
    return this.#fixtures.prepare(work)
  }

  /** A file has ended by itself. */
  add(result: Pick<HostTestResult, 'numFailingTests' | 'testExecError'>): void {
    this.#failedTests += result.numFailingTests
    this.#hasFailed ||= hasFailures(result)
  }

  /** A file could not be run to its end. */
  fail(): void {
    this.#hasFailed = true
  }

  /** Whether Jest leaves the process as soon as it is told of the latest result. */
  isLast({ bail, isWatching }: EarlyEnd): boolean {
    return bail > 0 && this.#failedTests >= bail && !isWatching
  }

  /**
   * The run is over. Never fails: that is no test's fault.
   *
   * @param isEarly whether files still run
   */
  async close(isEarly = false): Promise<void> {
    try {
      await closeWorkerFixtures()
      await closeWorkerResources()
      await this.#fixtures.close({ hasFailed: this.#hasFailed, isEarly })
    } catch (error) {
      this.#print(`Cannot clear up after this run, the next one will: ${reasonOf(error)}`)
    }
  }

  /** The process exits now. */
  closeNow(): void {
    this.#fixtures.closeNow()
  }
}
