import type { Registrar } from '@heddle/core/serial'
import type { RunnerTestCase, RunnerTestSuite } from 'vitest'

/** Everything in a test worker that differs between Vitest 3.2, 4.1 and 5, or is public in none, is in this file. */

/** A test, block or file that Vitest has collected. */
export type Test = RunnerTestCase
export type Suite = RunnerTestSuite

/** Which attempt of a test it is: of its repeats, each with its retries. From 0. */
export interface Tried {
  readonly retry: number
  readonly repeats: number
}

type Hook<Args extends unknown[]> = (this: Runner, ...args: Args) => unknown

/** What heddle uses of Vitest's live runner. */
export interface Runner {
  readonly cancelRun?: boolean
  readonly config: {
    passWithNoTests?: boolean
    readonly name?: string | undefined
    /** Whether Vitest takes back what tests have stubbed, when the next one begins. */
    readonly unstubEnvs?: boolean
  }
  cancel?: Hook<[reason: unknown]>
  importFile: Hook<[path: string, source: string]>
  onBeforeRunSuite?: Hook<[suite: Suite]>
  onAfterRunSuite?: Hook<[suite: Suite]>
  onBeforeRunTask?: Hook<[test: Test]>
  onAfterRunTask?: Hook<[test: Test]>
  onBeforeTryTask?: Hook<[test: Test, tried: Tried]>
  /** v4, v5: after all hooks of an attempt but what is left of `aroundEach`. */
  onAfterRetryTask?: Hook<[test: Test, tried: Tried]>
  /** Called when the worker ends; in vm pools v5 has none. */
  onCleanupWorkerContext?: Hook<[listener: () => unknown]> | undefined
  onTaskFinished?: Hook<[test: Test]>
  runTask?: Hook<[test: Test]>
}

/** Vitest as a test worker sees it. */
export interface HostOfWorker {
  readonly test: Registrar
  readonly describe: Registrar
  /** What every runner inherits from. */
  readonly runner: Runner
  /** What the main process provides under `name`. */
  readonly inject: (name: string) => unknown
  /** The block that is being collected. */
  readonly currentSuite: () => { readonly tasks: readonly object[]; readonly suite?: Suite | undefined }
  readonly currentTest: () => Test | undefined
  /** Takes back what `vi.stubEnv` has changed. */
  readonly unstubEnvs: () => void
  /** The function of a test, with its fixtures and its time-out. */
  readonly functionOf: (test: Test) => () => unknown
}

/** v4.1, v5: static methods of the class. */
interface RunnerClass {
  readonly prototype: Runner
  readonly getCurrentSuite: HostOfWorker['currentSuite']
  readonly getCurrentTest: HostOfWorker['currentTest']
  readonly getTestFn: HostOfWorker['functionOf']
}

/** v3: functions of `vitest/suite`. */
interface SuiteModule {
  readonly getCurrentSuite: HostOfWorker['currentSuite']
  readonly getCurrentTest: HostOfWorker['currentTest']
  readonly getFn: HostOfWorker['functionOf']
}

interface WorkerGlobal {
  readonly __vitest_worker__?: { readonly filepath?: string }
}

/** In variables, so that nothing looks for them where they do not exist. */
const RUNNERS = 'vitest/runners'
const SUITE = 'vitest/suite'

export async function openHost(): Promise<HostOfWorker> {
  const vitest = (await import('vitest')) as unknown as Pick<HostOfWorker, 'test' | 'describe' | 'inject'> & {
    readonly vi: { unstubAllEnvs(): unknown }
    readonly TestRunner?: RunnerClass
  }
  const { currentSuite, currentTest, functionOf, runner } =
    vitest.TestRunner === undefined ? await functionsOfThree() : functionsOf(vitest.TestRunner)
  const { test, describe, inject, vi } = vitest
  const unstubEnvs = (): void => void vi.unstubAllEnvs()
  return { test, describe, inject, runner, currentSuite, currentTest, functionOf, unstubEnvs }
}

type VersionedFunctions = Pick<HostOfWorker, 'runner' | 'currentSuite' | 'currentTest' | 'functionOf'>

function functionsOf(runner: RunnerClass): VersionedFunctions {
  return {
    runner: runner.prototype,
    currentSuite: () => runner.getCurrentSuite(),
    currentTest: () => runner.getCurrentTest(),
    functionOf: (test) => runner.getTestFn(test),
  }
}

async function functionsOfThree(): Promise<VersionedFunctions> {
  const { VitestTestRunner } = (await import(RUNNERS)) as { readonly VitestTestRunner: RunnerClass }
  const { getCurrentSuite, getCurrentTest, getFn } = (await import(SUITE)) as SuiteModule
  return {
    runner: VitestTestRunner.prototype,
    currentSuite: getCurrentSuite,
    currentTest: getCurrentTest,
    functionOf: getFn,
  }
}

/** Whether this realm is that of one test file, as in vm pools; whatever comes next to the worker has another. */
export function isRealmOfFile(): boolean {
  // oxlint-disable-next-line unicorn/no-instanceof-builtins -- It is the realm that is asked for.
  return !(process.getBuiltinModule instanceof Function)
}

/** The file that runs, also while its setup files do. */
export function currentFile(): string | undefined {
  const { __vitest_worker__: worker } = globalThis as WorkerGlobal
  return worker?.filepath
}

/** How many times a test may be tried again in each of its repeats. */
function retriesOf({ retry }: Test): number {
  return typeof retry === 'object' ? (retry.count ?? 0) : (retry ?? 0)
}

/** Whether another attempt may follow; whoever asks does not know yet how this one is judged. */
export function mayBeTriedAgain(test: Test, { retry, repeats }: Tried): boolean {
  return repeats < (test.repeats ?? 0) || retry < retriesOf(test)
}

/** Whether tests are only listed: to run them, Vitest first puts a `cancel` on the runner itself. */
export function isOnlyCollecting(runner: Runner): boolean {
  return !Object.hasOwn(runner, 'cancel')
}

export function isFile(suite: Suite): boolean {
  return 'filepath' in suite
}

/** Whether Vitest is about to run it. */
export function isRunnable(task: Test | Suite): boolean {
  return (task.mode === 'run' || task.mode === 'queued') && task.result?.state !== 'fail'
}

/** Whether Vitest is about to run any test of it. */
export function hasRunnableTest(suite: Suite): boolean {
  return suite.tasks.some((task) => isRunnable(task) && (task.type === 'test' || hasRunnableTest(task)))
}

/** `ledger > books a payment` */
export function fullNameOf(task: Test | Suite, separator = ' > '): string {
  const names = [task.name]
  for (let suite = task.suite; suite !== undefined && !isFile(suite); suite = suite.suite) names.unshift(suite.name)
  return names.join(separator)
}

/** Its own and those of its blocks and file; v3 has none. */
export function tagsOf(test: Test): readonly string[] {
  return (test as { readonly tags?: readonly string[] }).tags ?? []
}

/** All tests in a block that Vitest is about to run. */
export function runnableTestsIn(suite: Suite): Test[] {
  return suite.tasks.filter(isRunnable).flatMap((task) => (task.type === 'test' ? [task] : runnableTestsIn(task)))
}

/** The blocks around it, innermost first, without the file. */
export function blocksAround(task: Test | Suite): Suite[] {
  const blocks: Suite[] = []
  for (let suite = task.suite; suite !== undefined && !isFile(suite); suite = suite.suite) blocks.push(suite)
  return blocks
}

/** Of a result in v5, whose reporters show what went wrong in the attempts, if there are any, and nothing else. */
interface Attempts {
  readonly attempts?: { state: string; errors?: unknown[] | undefined }[]
}

/** Fails a test or block: before it runs, so that Vitest runs none of its hooks, or after its last attempt. */
export function failEarly(task: Test | Suite, error: unknown): void {
  const { name, message, stack, code } = error as Error & { readonly code?: string }
  const told = { name, message, stack: stack ?? '', code }
  const attempt = (task.result as Attempts | undefined)?.attempts?.at(-1)
  if (attempt !== undefined) Object.assign(attempt, { state: 'fail', errors: [...(attempt.errors ?? []), told] })
  task.result = { ...task.result, state: 'fail' }
  task.result.errors = [...(task.result.errors ?? []), told]
}

/** For a test whose attempt has ended: Vitest 3 then has begun to take the next one as running. */
export function hasFailed(task: Test | Suite): boolean {
  const { state, errors } = task.result ?? {}
  return state === 'fail' || (state === 'run' && errors !== undefined && errors.length > 0)
}

/** Says more beside the last thing that went wrong. @returns whether anything did */
export function appendToError(test: Test, text: string): boolean {
  const error = test.result?.errors?.at(-1)
  if (error !== undefined) error.message += `\n\n${text}`
  return error !== undefined
}

/** `context.skip()`; it still has hooks to run. */
export function isSkippedWhileRunning(test: Test): boolean {
  return test.result !== undefined && 'pending' in test.result && test.result.pending === true
}

const TEST_TIMED_OUT = /^Test timed out in /
const HOOK_TIMED_OUT = /^(?:Hook timed out in |The (?:setup|teardown) phase of )/

/**
 * Whether Vitest has stopped waiting for something of a test that may still be running.
 *
 * @param onlyHooks not for its function
 */
export function hasTimedOut(task: Test | Suite, onlyHooks: boolean): boolean {
  const messages = task.result?.errors?.map(({ message }) => message) ?? []
  return messages.some((message) => HOOK_TIMED_OUT.test(message) || (!onlyHooks && TEST_TIMED_OUT.test(message)))
}
