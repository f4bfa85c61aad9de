import { randomUUID } from 'node:crypto'
import {
  formatSummary,
  FOUND_FILES_VARIABLE,
  isHeddleError,
  reasonOf,
  writeFoundFiles,
  type Session,
  type ShardOfRun,
} from '@heddle/core'
import { adoptTests } from './adopt-tests.js'
import { isReadByPeople } from './end-line.js'
import { failedKeys } from './failed-keys.js'
import { foundTests, withoutTest } from './found-tests.js'
import { hostVersion, isCold, stockRunner, stockSequencer, stockTestRunner } from './host.js'
import type { HostRunResult, HostSequencer, HostSequencerOptions, HostTest } from './host-types.js'
import { JestRun } from './jest-run.js'
import { openSessionOf } from './open-session.js'
import { recordForeignFiles } from './record-foreign-files.js'
import { writeRunSettings } from './run-settings.js'

/** Starts the slowest files first and splits shards by time. Jest makes a new one for every run. */
class HeddleSequencer {
  readonly #options: HostSequencerOptions | undefined
  #shard: ShardOfRun | undefined
  #run: JestRun | undefined
  /** Jest's own, where the order is left to it. */
  #stock: HostSequencer | undefined

  constructor(options?: HostSequencerOptions) {
    this.#options = options
  }

  /** Whatever fails here fails the run: a shard that falls back to another split would lose tests. */
  async shard(
    tests: HostTest[],
    { shardIndex: index, shardCount: count }: { readonly shardIndex: number; readonly shardCount: number },
  ): Promise<HostTest[]> {
    const session = await openSessionOf(tests, this.#options)
    const found = foundTests(session.workspace, tests)
    const { plan } = session.shard(found, count)
    this.#shard = { index, count, fingerprint: plan.fingerprint }
    const own = new Set(plan.shards[index - 1]?.keys)
    return found.filter(({ key }) => own.has(key)).map(({ test }) => test)
  }

  async sort(tests: HostTest[]): Promise<HostTest[]> {
    try {
      const session = await openSessionOf(tests, this.#options)
      const listFile = session.env[FOUND_FILES_VARIABLE]
      if (listFile) writeFoundFiles(listFile, foundTests(session.workspace, tests).map(withoutTest))
      const run = this.#begin(session, tests)
      const adopted = this.#adopt(tests, run)
      return session.options.order === 'host' ? await this.#sortLikeJest(adopted) : this.#sort(adopted, run)
    } catch (error) {
      if (isHeddleError(error)) throw error
      process.stderr.write(`heddle: Cannot plan the order, Jest's own is used: ${reasonOf(error)}\n`)
      return this.#sortLikeJest(tests)
    }
  }

  async allFailedTests(tests: HostTest[]): Promise<HostTest[]> {
    const run = this.#run
    if (run === undefined) return (await this.#stock?.allFailedTests(tests)) ?? tests
    const failed = failedKeys(run.session.records)
    return tests.filter((test) => failed.has(run.keyOf(test)))
  }

  /** Jest does not wait for it, and does not call it on `--bail`. */
  cacheResults(tests: HostTest[], results: HostRunResult): void {
    const run = this.#run
    run?.guard(() => {
      const hasForeign = recordForeignFiles(run, tests, results)
      const summary = run.end()
      // When files of other runners started is unknown, so how good their order was is, too.
      const isTelling = !hasForeign && !results.wasInterrupted && !run.session.options.silent
      const isRead = run.globalConfig !== undefined && isReadByPeople(run.globalConfig)
      if (summary !== undefined && isTelling && isRead) run.session.print(formatSummary(summary))
    })
    this.#stock?.cacheResults(tests, results)
  }

  #begin(session: Session, tests: readonly HostTest[]): JestRun {
    const projects = [...new Set(tests.map(({ context }) => context.config))]
    const start = { hostVersion: hostVersion(), isCold: isCold(projects), shard: this.#shard }
    return (this.#run = new JestRun(session, start))
  }

  /** Puts heddle's runners in the place of Jest's. */
  #adopt(tests: readonly HostTest[], run: JestRun): HostTest[] {
    const circus = stockTestRunner()
    writeRunSettings({ circus, workspace: run.session.workspace, runId: randomUUID(), pid: process.pid })
    return adoptTests(tests, run, {
      runner: { stock: stockRunner().file, own: require.resolve('./runner.js') },
      testRunner: { stock: circus, own: require.resolve('./test-runner.js') },
    })
  }

  #sort(tests: readonly HostTest[], run: JestRun): HostTest[] {
    const { session } = run
    const workers = this.#options?.globalConfig.maxWorkers ?? 1
    const { jobs } = session.order(foundTests(session.workspace, tests), { workers })
    return jobs.map(({ key, test, expectedMs, isKnown }) => {
      run.expectedMs.set(key, expectedMs)
      return isKnown ? { ...test, duration: expectedMs } : test
    })
  }

  async #sortLikeJest(tests: HostTest[]): Promise<HostTest[]> {
    const Stock = stockSequencer()
    this.#stock = new Stock(this.#options)
    return this.#stock.sort(tests)
  }
}

export = HeddleSequencer
