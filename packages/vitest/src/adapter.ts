import { randomUUID } from 'node:crypto'
import {
  findWorkspaceRoot,
  formatSummary,
  isOneAtATime,
  jobKey,
  resolveHeddleOptions,
  openSession,
  RunRecorder,
  toPortablePath,
  type FoundFile,
  type HeddleOptions,
  type Session,
  type ShardOfRun,
} from '@heddle/core'
import type { FixtureSettings } from '@heddle/core/fixtures'
import type { TestModule, TestSpecification, Vitest } from 'vitest/node'
import { batchOf, isCold, reportersOf, runsOutsideOfNode, stageOf, workersOf } from './host.js'
import { Dispatch } from './dispatch.js'
import { FixturesOfRuns } from './fixtures-of-runs.js'
import { idOf, type FileOfProject } from './id-of.js'
import { createSlotClock, type SlotClock } from './slot-clock.js'
import type { WorkerRun } from './worker/worker-run.js'

/** One run of Vitest, or one rerun in watch mode. */
export interface Run {
  readonly recorder: RunRecorder
  readonly clock: SlotClock
}

/** A file as core knows it, and as Vitest does. */
export interface FoundSpecification extends FoundFile {
  readonly specification: TestSpecification
}

/** What the sequencer and the reporter of one Vitest share. */
export class Adapter {
  readonly vitest: Vitest
  /** What its workers are told. */
  readonly workerRun: WorkerRun
  readonly dispatch: Dispatch
  readonly fixtures: FixturesOfRuns
  shard: ShardOfRun | undefined
  readonly #options: HeddleOptions
  /** By project and module. */
  readonly #specifications = new Map<string, TestSpecification>()
  /** To find out about a file can take reading it, and shards, order and record all ask. */
  readonly #found = new Map<TestSpecification, FoundSpecification>()
  #session: Promise<Session> | undefined
  #run: Run | undefined
  #isCold: boolean
  #hasRun = false
  #isRunning = false
  #decider: string | undefined
  #notice: string | undefined

  constructor(vitest: Vitest, options: HeddleOptions) {
    this.vitest = vitest
    this.#options = options
    this.#isCold = isCold(vitest)
    this.dispatch = new Dispatch(this)
    const { root } = vitest.config
    const major = Number.parseInt(vitest.version, 10)
    const runs = { root, workspace: findWorkspaceRoot(root), runId: randomUUID() }
    this.fixtures = new FixturesOfRuns(runs)
    this.workerRun = { ...runs, major, fixtures: this.fixtures.settingsFor(resolveHeddleOptions(options)) }
  }

  /** Opened on first use: `vitest list` and the like need none. */
  session(): Promise<Session> {
    return (this.#session ??= openSession({ root: this.vitest.config.root, inline: this.#options }))
  }

  /** All files of the run: before sharding, where Vitest tells them. */
  get specifications(): readonly TestSpecification[] {
    return [...this.#specifications.values()]
  }

  /** Whether this Vitest has run before, in watch mode. */
  get isRerun(): boolean {
    return this.#hasRun
  }

  remember(specifications: readonly TestSpecification[]): void {
    for (const one of specifications) this.#specifications.set(idOf(one), one)
  }

  specificationOf(module: TestModule): TestSpecification | undefined {
    return this.#specifications.get(idOf(module))
  }

  /** The run that is going on; the first to ask begins it, when the shard is known. */
  async run(): Promise<Run> {
    const session = await this.session()
    return (this.#run ??= this.#begin(session))
  }

  /** A file has got its slot. */
  admit(file: FileOfProject): void {
    const { taskId } = this.#specifications.get(idOf(file)) ?? {}
    if (taskId !== undefined) this.#run?.clock.admit(taskId, performance.now())
  }

  /** The run that has just ended; the next one to ask begins another. */
  takeRun(): Run | undefined {
    const run = this.#run
    this.#run = undefined
    this.dispatch.end()
    this.#specifications.clear()
    this.#found.clear()
    this.#isCold = false
    this.#hasRun = true
    this.#isRunning = false
    return run
  }

  /** Vitest is about to run tests. Where it only lists them, it asks for the order of files all the same. */
  announceRun(): void {
    this.#isRunning = true
  }

  /** Files are about to run, or only to be read. @returns what their workers are told */
  beginFixtures(session: Session, workers: number): FixtureSettings {
    if (!this.#isRunning) return this.workerRun.fixtures
    const inNode = this.specifications.filter(
      ({ project, pool }) => pool !== 'typescript' && !runsOutsideOfNode(project),
    )
    const files = inNode.map(({ moduleId }) => moduleId)
    return this.fixtures.begin(session, { workers, files })
  }

  /** Files as core knows them. */
  async foundFiles(specifications: readonly TestSpecification[]): Promise<FoundSpecification[]> {
    const { workspace } = await this.session()
    return specifications.map((specification) => {
      const found = this.#found.get(specification) ?? findFile(workspace, specification)
      this.#found.set(specification, found)
      return found
    })
  }

  async keyOf(module: FileOfProject): Promise<string> {
    const { workspace } = await this.session()
    return keyIn(workspace, module)
  }

  workers(project = this.vitest.projects[0]): number {
    return workersOf(this.vitest, project)
  }

  /** Has one line said when the next run begins: who decides what instead of heddle. */
  stepAside(decider: string, what: string): void {
    if (this.#decider === decider) return
    this.#decider = decider
    this.#notice = `${decider} keeps its say over ${what}; heddle only records`
  }

  /** Prints the line about a run, where a person reads. */
  async printSummary(run: Run): Promise<void> {
    const { options, print } = await this.session()
    const summary = run.recorder.end()
    if (summary !== undefined && !options.silent && isReadByPeople(this.vitest)) print(formatSummary(summary))
  }

  #begin(session: Session): Run {
    if (this.#notice !== undefined && !session.options.silent) session.print(this.#notice)
    this.#notice = undefined
    const workers = isOneAtATime(session.env) ? 1 : this.workers()
    const recorder = new RunRecorder(session, {
      host: 'vitest',
      hostVersion: this.vitest.version,
      workers,
      isCold: this.#isCold,
      shard: this.shard,
    })
    return { recorder, clock: createSlotClock(workers) }
  }
}

function findFile(workspace: string, specification: TestSpecification): FoundSpecification {
  return {
    key: keyIn(workspace, specification),
    stage: stageOf(specification),
    batch: batchOf(specification),
    specification,
  }
}

function keyIn(workspace: string, { project, moduleId }: FileOfProject): string {
  return jobKey(project.name, toPortablePath(workspace, moduleId))
}

const REPORTERS_FOR_PEOPLE = /^(?:Default|Verbose|Dot|Tree|Basic|Minimal|Agent)Reporter$/

function isReadByPeople(vitest: Vitest): boolean {
  return reportersOf(vitest).some((reporter) => REPORTERS_FOR_PEOPLE.test(reporter.constructor.name))
}
