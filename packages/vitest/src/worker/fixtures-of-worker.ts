import type { FileFixtures, Fixtures, FixtureThread, ScopeRemains, WorkerFixtures } from '@heddle/core/fixtures'
import { loadFixtures, loadLeases, loadSlots } from '../load-core.js'
import { tell } from './engine.js'
import { fullNameOf, hasFailed, type Runner, type Suite, type Test } from './host.js'
import { isEnvGuarded } from './is-env-guarded.js'
import { prefixConsole } from './prefix-console.js'
import { reportAttempt } from './report-attempt.js'
import type { WorkerRun } from './worker-run.js'

/** What fixtures ask about the worker. */
export interface FixtureHolder {
  readonly run: () => WorkerRun
  /** The file that runs, as people know it. */
  readonly label: () => string
  readonly currentTest: () => Test | undefined
  /** Takes back what `vi.stubEnv` has changed. */
  readonly unstubEnvs: () => void
}

/** The fixtures of the files of a worker, one after the other. For files that use none, nothing is loaded. */
export class FixturesOfWorker {
  readonly #holder: FixtureHolder
  /** Tests of which an attempt goes on. */
  readonly #attempts = new Set<Test>()
  #worker: WorkerFixtures | undefined
  #file: FileFixtures | undefined
  #namesHeddle = false
  #isUnstubbing = false

  constructor(holder: FixtureHolder) {
    this.#holder = holder
  }

  /** What tests call. */
  get functions(): Fixtures {
    return this.#open().functions
  }

  /** The setup files of a test file are about to be imported. */
  async setup(): Promise<void> {
    // If nobody has told that the file before is over.
    await this.closeFile()
    if (this.#holder.run().fixtures.prefix) prefixConsole(console, () => this.#linePrefix())
  }

  /** A test file is about to be imported. */
  openFile({ config }: Runner, source: string): void {
    this.#namesHeddle = source.includes('@heddle/vitest')
    this.#isUnstubbing = config.unstubEnvs === true
    if (isEnvGuarded(this.#holder.run().fixtures, this.#namesHeddle)) this.#open()
  }

  /** Tests of the file are about to run. */
  async beforeTests(): Promise<void> {
    await this.#file?.beforeTests()
  }

  /** Before its `beforeEach`. */
  async beginAttempt(test: Test): Promise<void> {
    // Vitest 3 does not tell when the one before has ended.
    await this.endAttempt(test)
    this.#attempts.add(test)
    this.#file?.beginTest(test)
  }

  /** After its `afterEach`. Safe to call twice. */
  async endAttempt(test: Test): Promise<void> {
    if (!this.#attempts.delete(test) || this.#file === undefined) return
    // Vitest would do it when the next test begins; until then it is nothing that the test left behind.
    if (this.#isUnstubbing) this.#holder.unstubEnvs()
    reportAttempt(test, await this.#file.endTest(test, { hasFailed: hasFailed(test) }))
  }

  /** Tests that were skipped while they ran: Vitest says nothing when they end. */
  async endSkipped(): Promise<void> {
    for (const test of this.#attempts) if (test.mode === 'skip') await this.endAttempt(test)
  }

  /** After its `afterAll`, however it came to its end. */
  async closeFile(file?: Suite): Promise<void> {
    for (const test of this.#attempts) await this.endAttempt(test)
    const open = this.#file
    this.#file = undefined
    const remains = await open?.close({ hasFailed: file !== undefined && hasFailed(file) })
    if (open !== undefined) tellKept(open.file, remains)
  }

  /** The worker ends, or nothing of it is left for the next file. */
  async close(): Promise<void> {
    await this.closeFile()
    tellKept('the worker', await this.#worker?.close())
  }

  #open(): FileFixtures {
    if (this.#file !== undefined) return this.#file
    this.#worker ??= this.#openWorker()
    const { label, currentTest } = this.#holder
    const labelOf = (test: object): string => fullNameOf(test as Test)
    this.#file = this.#worker.openFile({ file: label(), currentTest, labelOf, namesHeddle: this.#namesHeddle })
    for (const test of this.#attempts) this.#file.beginTest(test)
    return this.#file
  }

  #linePrefix(): string {
    const slot = loadSlots().readSlot(process.env) ?? 1
    return loadFixtures().linePrefix({ slot, file: this.#holder.label() })
  }

  #openWorker(): WorkerFixtures {
    const { WorkerFixtures } = loadFixtures()
    return new WorkerFixtures(threadOf(this.#holder.run()))
  }
}

function tellKept(whose: string, remains: ScopeRemains | undefined): void {
  for (const dir of remains?.kept ?? []) tell(`after ${whose}: Kept: ${dir}`)
}

function threadOf({ root, runId, fixtures }: WorkerRun): FixtureThread {
  // Asked once: tests may change the variables.
  const slot = loadSlots().readSlot(process.env) ?? 1
  return {
    settings: fixtures,
    workerId: loadFixtures().newWorkerId(),
    slot: () => slot,
    leases: () => loadLeases().threadLeases({ root, runId }),
    print: tell,
    env: () => process.env,
    console: () => console,
  }
}
