import { randomUUID } from 'node:crypto'
import {
  reasonOf,
  RunRecorder,
  type FileMeasurement,
  type FoundFile,
  type Job,
  type RunStart,
  type RunSummary,
  type Session,
} from '@heddle/core'
import type { FixturesOfRun } from './fixtures-of-run.js'
import { keyOf } from './found-tests.js'
import type { HostGlobalConfig, HostTest } from './host-types.js'
import type { RunGroups } from './run-groups.js'

/** How a runner runs its files. */
export interface RunSetting {
  readonly workers: number
  /** Unknown where the runner is not heddle's. */
  readonly globalConfig?: HostGlobalConfig
}

/** One run of Jest, or one rerun in watch mode: what its sequencer and its runner share. Ends exactly once. */
export class JestRun {
  readonly session: Session
  /** No other run has it. */
  readonly runId = randomUUID()
  /** What files need besides a worker; undefined before the files are known. */
  groups: RunGroups | undefined
  /** What its tests share, and what is left of what they asked for; undefined before the files are known. */
  fixtures: FixturesOfRun | undefined
  /** By key; empty if heddle does not order the files. */
  readonly jobs = new Map<string, Job>()
  readonly #start: Omit<RunStart, 'host' | 'workers'>
  readonly #endAtExit = (): void => void this.end()
  #recorder: RunRecorder | undefined
  #globalConfig: HostGlobalConfig | undefined
  #hasFailed = false

  constructor(session: Session, start: Omit<RunStart, 'host' | 'workers'>) {
    this.session = session
    this.#start = start
    // On --bail Jest leaves the process without a word to its sequencer.
    process.once('exit', this.#endAtExit)
  }

  keyOf(test: HostTest): string {
    return keyOf(this.session.workspace, test)
  }

  /** What heddle's runner was told, if it ran. */
  get globalConfig(): HostGlobalConfig | undefined {
    return this.#globalConfig
  }

  /** A runner is about to start these files, in this order, or has run them. */
  begin(files: readonly FoundFile[], { workers, globalConfig }: RunSetting): void {
    this.#globalConfig ??= globalConfig
    // Only a runner knows the number of workers.
    this.#recorder ??= new RunRecorder(this.session, { host: 'jest', workers, ...this.#start })
    this.#recorder.plan(files, this.groups?.plan)
  }

  add(key: string, measurement: FileMeasurement): void {
    this.#recorder?.add(key, measurement)
  }

  has(key: string): boolean {
    return this.#recorder?.has(key) ?? false
  }

  /** Writes the record. @returns undefined if nothing ran or the run had ended before */
  end(): RunSummary | undefined {
    process.removeListener('exit', this.#endAtExit)
    this.groups?.end()
    this.fixtures?.closeNow()
    return this.#recorder?.end()
  }

  /** Runs what records. A failure of ours costs a warning and never the user's run. */
  guard(record: () => void): void {
    try {
      record()
    } catch (error) {
      if (!this.#hasFailed) this.session.print(`Cannot record this run: ${reasonOf(error)}`)
      this.#hasFailed = true
    }
  }
}
