import type { Fixtures, ResourceOptions } from '@heddle/core/fixtures'
import type { Claim, GroupClaim, Membership, Registrar, SerialClaim } from '@heddle/core/serial'
import { loadLeases, loadSerial } from '../load-core.js'
import { readSource } from '../read-source.js'
import { claimOfMeta, Engine } from './engine.js'
import { labelOf, planFile, type FilePlan } from './file-plan.js'
import {
  currentFile,
  failEarly,
  fullNameOf,
  hasRunnableTest,
  hasTimedOut,
  isRealmOfFile,
  isFile,
  isOnlyCollecting,
  isRunnable,
  isSkippedWhileRunning,
  runnableTestsIn,
  tagsOf,
  type HostOfWorker,
  type Runner,
  type Suite,
  type Test,
} from './host.js'
import { patchAttempts } from './patch-attempts.js'
import type { RunnerEvents } from './patch-runner.js'
import { RunningTest } from './running-test.js'
import { FixturesOfWorker } from './fixtures-of-worker.js'
import { ResourcesOfWorker } from './resources-of-worker.js'
import type { SerialFile } from './serial-file.js'
import { takeSlot, tellGroupSlots } from './take-slot.js'
import { WORKER_RUN, type WorkerRun } from './worker-run.js'
import { WorkerStop } from './worker-stop.js'
import type { WorkerSide } from './worker-side.js'

/**
 * Makes serial tests wait where Vitest does not count it: before it starts the clock of a test, of a block, or of a
 * file's import. One per realm.
 */
export class SerialWorker implements WorkerSide, RunnerEvents {
  readonly test: Registrar
  readonly describe: Registrar
  readonly #host: HostOfWorker
  readonly #blocks = new WeakMap<Suite, SerialClaim>()
  readonly #followed = new WeakSet<Test>()
  readonly #wrapped = new WeakSet<object>()
  readonly #running: RunningTest
  readonly #fixtures: FixturesOfWorker
  readonly #resources = new ResourcesOfWorker(() => this.#run())
  readonly #stop = new WorkerStop()
  #engine: Engine | undefined
  /** The file that this worker runs. */
  #path = ''
  #source = ''
  #plan: FilePlan | undefined
  /** Only once something in it is serial. */
  #file: SerialFile | undefined

  constructor(host: HostOfWorker) {
    this.test = host.test
    this.describe = host.describe
    this.#host = host
    this.#running = new RunningTest(host)
    this.#fixtures = new FixturesOfWorker({
      run: () => this.#run(),
      label: () => this.#label || labelOf(this.#run(), currentFile() ?? 'a setup file'),
      attempt: () => this.#running.attempt,
      unstubEnvs: host.unstubEnvs,
      resources: this.#resources,
    })
    patchAttempts(host.runner, { running: this.#running, fixtures: this.#fixtures, resources: this.#resources })
  }

  get fixtures(): Fixtures {
    return this.#fixtures.functions
  }

  followTests(): void {
    this.#running.follow()
  }

  get resourceNames(): readonly string[] {
    return this.#resources.names
  }

  declareResource(name: string, options: ResourceOptions): void {
    this.#resources.declare(name, options)
  }

  handleOfResource(name: string): object {
    return this.#resources.handleOf(name, this.#running.attempt)
  }

  registerTests(claim: SerialClaim, register: () => unknown): unknown {
    const { tasks } = this.#host.currentSuite()
    const before = tasks.length
    const result = register()
    for (const task of tasks.slice(before) as Test[]) {
      task.meta.serial = { ...claim }
      this.#followed.add(task)
    }
    return result
  }

  claimBlock(claim: SerialClaim): void {
    const { suite } = this.#host.currentSuite()
    if (suite !== undefined) this.#blocks.set(suite, claim)
  }

  claimFile(claim: SerialClaim): void {
    loadSerial().checkFileClaim(claim, this.#plan?.serial, this.#label)
  }

  claimGroups(memberships: readonly Membership[]): void {
    const declared = this.#run().testRules?.groups.map(({ name }) => name) ?? []
    loadSerial().checkFileGroups(memberships, { file: this.#label, source: this.#source, declared })
  }

  runBody(body: () => unknown): unknown {
    const test = this.#running.current
    const holds = this.#file?.holdsAround(test) ?? []
    if (holds.length === 0) throw bypassed(this.#label)
    for (const hold of holds) hold.enter()
    const leave = (): void => {
      for (const hold of holds) hold.leave()
    }
    return loadSerial().following(body, leave)
  }

  isSerial(key: string | undefined): boolean {
    const test = this.#running.current
    if (test === undefined) return this.#file?.holds(key) ?? false
    const claims = this.#file?.holdsAround(test).map(({ claim }) => claim) ?? []
    return claims.some((claim) => loadSerial().isHeldBy(claim, key))
  }

  groupSlot(group: string): number {
    const { readGroupSlot, requireGroupSlot } = loadSerial()
    // Setup files run before the file is known, but perhaps not its slots.
    const slot = this.#groupSlotOf(group) ?? readGroupSlot(process.env, group)
    return requireGroupSlot(group, slot, this.#label || 'this file')
  }

  async setup(): Promise<void> {
    // Nothing of the file before counts any more.
    this.#path = ''
    this.#plan = undefined
    this.#file = undefined
    await takeSlot(this.#run(), process.env)
    await this.#fixtures.setup()
    await this.#resources.openFile()
  }

  async openFile(runner: Runner, path: string): Promise<boolean> {
    this.#path = path
    this.#file = undefined
    this.#source = readSource(path)
    const run = this.#run()
    this.#plan = planFile(run, path, runner.config.name ?? '', this.#source)
    if (isOnlyCollecting(runner)) return true
    this.#wrap(runner)
    this.#fixtures.openFile(runner, this.#source)
    const { claim } = this.#plan
    if (claim !== undefined && !(await this.#take(runner, claim))) return false
    tellGroupSlots(run, this.#groupSlots(), process.env)
    return true
  }

  /** @returns whether the file is still wanted */
  async #take(runner: Runner, claim: Claim): Promise<boolean> {
    const file = this.#serialFile()
    try {
      await file.open(claim)
    } catch (error) {
      if (!file.isCancelled) throw error
    }
    // Vitest then skips the file, which has no tests.
    if (file.isCancelled) runner.config.passWithNoTests = true
    return !file.isCancelled
  }

  async afterImport(runner: Runner): Promise<void> {
    if (isOnlyCollecting(runner)) await this.#fixtures.close()
  }

  /** What has to be over before anything else begins. */
  async #settle(): Promise<void> {
    await this.#stop.whenWanted()
    await this.#fixtures.endSkipped()
    await this.#file?.endSkipped()
  }

  async beforeSuite(runner: Runner, suite: Suite): Promise<void> {
    await this.#settle()
    if (isFile(suite)) return this.#beforeFile(suite)
    const claim = this.#blocks.get(suite)
    if (claim === undefined || !isRunnable(suite) || !hasRunnableTest(suite)) return
    await this.#begin(runner, suite, () => this.#claimOfBlock(suite, claim))
  }

  async #beforeFile(file: Suite): Promise<void> {
    if (!isRunnable(file)) await this.#closeFile(file)
    else if (hasRunnableTest(file)) await this.#fixtures.beforeTests()
  }

  async afterSuite(suite: Suite): Promise<void> {
    await this.#settle()
    if (isFile(suite)) await this.#closeFile(suite)
    else await this.#file?.end(suite)
  }

  async beforeTest(runner: Runner, test: Test): Promise<void> {
    await this.#settle()
    if (!isRunnable(test)) return
    await this.#takeFor(runner, test)
    if (isRunnable(test)) await this.#beginAttempt(test)
    // Vitest asks there whether to bail; for a test that fails before it runs, it would not.
    if (test.result?.state === 'fail') await runner.onAfterRunTask?.(test)
  }

  async #beginAttempt(test: Test): Promise<void> {
    const attempt = this.#running.begin(test)
    await this.#fixtures.beginAttempt(attempt)
    await this.#resources.beginAttempt(attempt).catch((error: unknown) => failEarly(test, error))
  }

  async #takeFor(runner: Runner, test: Test): Promise<void> {
    const groups = this.#groupsOf(test)
    const { serial } = test.meta
    if (serial === undefined && groups.length === 0) return
    await this.#begin(runner, test, () => ({ groups, serial: serial === undefined ? undefined : claimOfMeta(serial) }))
  }

  async #begin(runner: Runner, task: Test | Suite, claimOf: () => Claim): Promise<void> {
    const file = this.#serialFile()
    await file.begin(task, claimOf)
    if (!file.isCancelled && !runner.cancelRun) return
    task.mode = 'skip'
    await file.end(task)
  }

  afterAttempt(test: Test): void {
    const file = this.#file
    if (file === undefined) return
    if (hasTimedOut(test, this.#followed.has(test))) file.abandon(test)
    if (isSkippedWhileRunning(test)) file.endWhenSkipped(test)
  }

  async #afterTest(test: Test): Promise<void> {
    const file = this.#file
    if (file === undefined) return
    if (hasTimedOut(test, this.#followed.has(test))) file.abandon(test)
    const stays = hasTimedOut(test, false) && file.holdsAround(test).some((hold) => hold.isBusy && hold.isStopWanted)
    await file.end(test)
    if (stays) this.#stop.begin(fullNameOf(test), this.#run().major)
  }

  async #closeFile(suite: Suite): Promise<void> {
    await this.#fixtures.closeFile(suite)
    if (isRealmOfFile()) await this.#fixtures.close()
    await this.#file?.close(suite)
    this.#file = undefined
  }

  /** What Vitest has put on the runner itself. */
  #wrap(runner: Runner): void {
    const { cancel, onAfterRunTask } = runner
    if (cancel !== undefined && !this.#wrapped.has(cancel)) {
      runner.cancel = (reason) => {
        this.#file?.cancel()
        return cancel.call(runner, reason)
      }
      this.#wrapped.add(runner.cancel)
    }
    if (this.#wrapped.has(runner)) return
    this.#wrapped.add(runner)
    if (!isRealmOfFile()) runner.onCleanupWorkerContext?.(() => this.#fixtures.close())
    runner.onAfterRunTask = async (test) => {
      await this.#fixtures.endAttempt(test)
      await onAfterRunTask?.call(runner, test)
      await this.#afterTest(test)
    }
  }

  /** A block that is serial takes the groups of its tests as well: inside of it, no group could be taken any more. */
  #claimOfBlock(suite: Suite, claim: SerialClaim): Claim {
    const tests = runnableTestsIn(suite).map((test) => ({ groups: this.#groupsOf(test), serial: undefined }))
    return loadSerial().claimOfBlock(claim, tests)
  }

  /** Of the file. */
  #groupSlots(): Record<string, number> {
    const { claim, held } = this.#plan ?? {}
    const taken =
      claim === undefined
        ? []
        : loadSerial()
            .groupsOf(claim)
            .filter(({ name }) => name !== loadSerial().WORKERS)
    return { ...held?.slots, ...Object.fromEntries(taken.map(({ name }) => [name, this.#groupSlotOf(name) ?? 1])) }
  }

  #groupSlotOf(group: string): number | undefined {
    const { slots = {} } = this.#plan?.held ?? {}
    const own = this.#file?.groupSlotOf(group, this.#running.current)
    return own ?? (Object.hasOwn(slots, group) ? slots[group] : undefined)
  }

  #groupsOf(test: Test): readonly GroupClaim[] {
    return this.#plan?.groupsOf?.(fullNameOf(test, ' '), tagsOf(test)) ?? []
  }

  #serialFile(): SerialFile {
    this.#engine ??= this.#openEngine()
    this.#plan ??= planFile(this.#run(), this.#path, '', this.#source)
    return (this.#file ??= this.#engine.openFile(this.#plan))
  }

  #openEngine(): Engine {
    this.#running.follow()
    return new Engine(this.#run(), () => this.#file?.holderOf(this.#running.current))
  }

  get #label(): string {
    return this.#plan?.label ?? this.#path
  }

  #run(): WorkerRun {
    return this.#host.inject(WORKER_RUN) as WorkerRun
  }
}

/** A serial test never runs without what it is to hold. */
function bypassed(path: string): Error {
  const { HeddleError } = loadLeases()
  return new HeddleError('HEDDLE_NOT_CONFIGURED', {
    problem: `Cannot run a serial test in ${path}: it holds nothing, because a custom runner does not call super.onBeforeRunTask, or because the test had timed out before its function began`,
    fix: 'let the runner call super, or shorten what runs before the test.',
  })
}
