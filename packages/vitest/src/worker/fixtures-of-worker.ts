import type {
  FileFixtures,
  Fixtures,
  FixtureThread,
  ScopeRemains,
  TestRemains,
  WorkerFixtures,
} from '@heddle/core/fixtures'
import { loadFixtures, loadLeases, loadSlots } from '../load-core.js'
import { tell } from './engine.js'
import { fullNameOf, hasFailed, type Runner, type Suite, type Test } from './host.js'
import { isEnvGuarded } from './is-env-guarded.js'
import { prefixConsole } from './prefix-console.js'
import { reportAttempt } from './report-attempt.js'
import type { ResourcesOfWorker } from './resources-of-worker.js'
import type { Attempt } from './running-test.js'
import type { WorkerRun } from './worker-run.js'

/** What fixtures ask about the worker. */
export interface FixtureHolder {
  readonly run: () => WorkerRun
  /** The file that runs, as people know it. */
  readonly label: () => string
  /** In which somebody asks. */
  readonly attempt: () => Attempt | undefined
  /** Takes back what `vi.stubEnv` has changed. */
  readonly unstubEnvs: () => void
  readonly resources: ResourcesOfWorker
}

/** The fixtures of the files of a worker, one after the other. For files that use none, nothing is loaded. */
export class FixturesOfWorker {
  readonly #holder: FixtureHolder
  /** Those that go on. */
  readonly #attempts = new Map<Test, Attempt>()
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

  /** The one that goes on. */
  attemptOf(test: Test): Attempt | undefined {
    return this.#attempts.get(test)
  }

  /** Before all its hooks; it ends the one before. */
  async beginAttempt(attempt: Attempt): Promise<void> {
    await this.endAttempt(attempt.test)
    this.#unstubEnvs()
    this.#attempts.set(attempt.test, attempt)
    this.#file?.beginTest(attempt)
  }

  /** After all its hooks. Safe to call twice. */
  async endAttempt(test: Test): Promise<void> {
    const attempt = this.#attempts.get(test)
    this.#attempts.delete(test)
    if (attempt === undefined) return
    this.#unstubEnvs()
    const remains = await this.#file?.endTest(attempt, { hasFailed: hasFailed(test) })
    if (remains !== undefined) reportAttempt(test, { ...remains, failures: failuresOf(test, remains) })
    const { resources } = this.#holder
    reportAttempt(test, await resources.endAttempt(attempt))
  }

  /** Tests that were skipped while they ran: Vitest says nothing when they end. */
  async endSkipped(): Promise<void> {
    for (const test of this.#attempts.keys()) if (test.mode === 'skip') await this.endAttempt(test)
  }

  /** After its `afterAll`, however it came to its end. */
  async closeFile(file?: Suite): Promise<void> {
    for (const test of this.#attempts.keys()) await this.endAttempt(test)
    const open = this.#file
    this.#file = undefined
    const remains = await open?.close({ hasFailed: file !== undefined && hasFailed(file) })
    if (open !== undefined) tellKept(open.file, remains)
    await this.#holder.resources.closeFile()
  }

  /** The worker ends, or nothing of it is left for the next file. */
  async close(): Promise<void> {
    await this.closeFile()
    tellKept('the worker', await this.#worker?.close())
    await this.#holder.resources.close()
  }

  /** Vitest would do it when the next attempt runs; until then it is nothing that anybody left behind. */
  #unstubEnvs(): void {
    if (this.#isUnstubbing && this.#file !== undefined) this.#holder.unstubEnvs()
  }

  #open(): FileFixtures {
    if (this.#file !== undefined) return this.#file
    this.#worker ??= this.#openWorker()
    const { label, attempt } = this.#holder
    const labelOf = (one: object): string => fullNameOf((one as Attempt).test)
    this.#file = this.#worker.openFile({ file: label(), currentTest: attempt, labelOf, namesHeddle: this.#namesHeddle })
    for (const one of this.#attempts.values()) this.#file.beginTest(one)
    return this.#file
  }

  #linePrefix(): string {
    const slot = loadSlots().readSlot(process.env) ?? 1
    return loadFixtures().linePrefix({ slot, file: this.#holder.label() })
  }

  #openWorker(): WorkerFixtures {
    const { WorkerFixtures } = loadFixtures()
    // Later tests may have replaced what loading takes.
    loadLeases()
    return new WorkerFixtures(threadOf(this.#holder.run()))
  }
}

function failuresOf(test: Test, { left }: TestRemains): readonly Error[] {
  return left === undefined ? [] : [loadFixtures().envChanged(fullNameOf(test), left)]
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
