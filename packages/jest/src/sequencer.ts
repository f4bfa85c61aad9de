import {
  formatSummary,
  FOUND_FILES_VARIABLE,
  isHeddleError,
  printToStderr,
  reasonOf,
  writeFoundFiles,
  type GroupPlan,
  type Session,
  type ShardOfRun,
} from '@heddle/core'
import { adoptTests } from './adopt-tests.js'
import { isReadByPeople } from './end-line.js'
import { failedKeys } from './failed-keys.js'
import { FixturesOfRun } from './fixtures-of-run.js'
import { describeForeignRunners } from './foreign-runners.js'
import { foundTests, withoutTest, type FoundTest } from './found-tests.js'
import { hostVersion, isCold, stockRunner, stockSequencer, stockTestRunner } from './host.js'
import { widthOf } from './in-band.js'
import type { HostRunResult, HostSequencer, HostSequencerOptions, HostTest } from './host-types.js'
import { JestRun } from './jest-run.js'
import { openSessionOf } from './open-session.js'
import { recordForeignFiles } from './record-foreign-files.js'
import { RunGroups } from './run-groups.js'
import { writeRunSettings } from './run-settings.js'

/** Starts the slowest files first and splits shards by time. Jest makes a new one for every run. */
class HeddleSequencer {
  readonly #options: HostSequencerOptions | undefined
  #shard: ShardOfRun | undefined
  #run: JestRun | undefined
  #hasGroups = false
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
      this.#hasGroups = Object.keys(session.options.groups).length > 0
      const found = foundTests(session.workspace, tests)
      const plan = session.groupPlan(found, { isPartial: this.#shard !== undefined })
      const listFile = session.env[FOUND_FILES_VARIABLE]
      if (listFile) writeFoundFiles(listFile, found.map(withoutTest), plan)
      const run = this.#begin(session, tests)
      const adopted = this.#adopt(found, run, plan)
      return session.options.order === 'host' ? await this.#sortLikeJest(adopted) : this.#sort(adopted, run, plan)
    } catch (error) {
      // A run whose limits nobody sees to must not look like one that kept them.
      if (isHeddleError(error) || this.#hasGroups) throw error
      printToStderr(`Cannot plan the order, Jest's own is used: ${reasonOf(error)}`)
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

  /** Puts heddle's runners in the place of Jest's, and tells them what they need. */
  #adopt(found: readonly FoundTest[], run: JestRun, plan: GroupPlan): HostTest[] {
    const { session, runId } = run
    const groups = new RunGroups(found, { session, runId, plan, jobs: run.jobs })
    run.groups = groups
    const circus = stockTestRunner()
    const { root, workspace, options, print } = session
    const fixtures = new FixturesOfRun({ root, runId, options, print })
    run.fixtures = fixtures
    writeRunSettings({ circus, workspace, runId, pid: process.pid, dir: groups.dir, fixtures: fixtures.settings })
    const replacements = {
      runner: { stock: stockRunner().file, own: require.resolve('./runner.js') },
      testRunner: { stock: circus, own: require.resolve('./test-runner.js') },
    }
    const adopted = adoptTests(
      found.map(({ test }) => test),
      run,
      replacements,
    )
    const own = { runner: replacements.runner.own, testRunner: replacements.testRunner.own }
    const foreign = describeForeignRunners(foundTests(session.workspace, adopted), plan, own)
    for (const line of foreign) session.print(line)
    if (foreign.length > 0) groups.tellWorkers(this.#options?.globalConfig.maxWorkers)
    return adopted
  }

  #sort(tests: readonly HostTest[], run: JestRun, groups: GroupPlan): HostTest[] {
    const { session } = run
    // Jest 29 does not tell its sequencer.
    const workers = this.#options === undefined ? 1 : widthOf(this.#options.globalConfig)
    const { jobs } = session.order(foundTests(session.workspace, tests), { workers, groups })
    for (const job of jobs) run.jobs.set(job.key, job)
    return jobs.map(({ test, expectedMs, isKnown }) => (isKnown ? { ...test, duration: expectedMs } : test))
  }

  async #sortLikeJest(tests: HostTest[]): Promise<HostTest[]> {
    const Stock = stockSequencer()
    this.#stock = new Stock(this.#options)
    return this.#stock.sort(tests)
  }
}

export = HeddleSequencer
