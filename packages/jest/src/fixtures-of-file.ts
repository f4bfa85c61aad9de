import type { FileFixtures, FileOfFixtures, Fixtures } from '@heddle/core/fixtures'
import { Attempts, isGenerator, type Attempt } from './attempts.js'
import { fullNameOf, testsIn, willRun } from './circus-tree.js'
import type {
  CircusBlock,
  CircusEnvironment,
  CircusEvent,
  CircusFn,
  CircusPlace,
  CircusState,
  CircusTest,
} from './circus-types.js'
import { after, before } from './listen-to-events.js'
import type { InstalledHeddle } from './installed-heddle.js'
import { printKept, reportRemains } from './report-remains.js'
import type { ResourcesOfTests } from './resources-of-tests.js'
import { withPlaceOf } from './with-place-of.js'

/** What surrounds the fixtures of a test file. */
export interface FixtureSurroundings {
  /** As people know the file. */
  readonly file: string
  /** Whether tests are looked after although nobody has asked for a fixture. */
  readonly isGuarded: boolean
  /** Loads what is needed for it. */
  readonly open: (file: FileOfFixtures) => FileFixtures
  /** What was opened is closed. */
  readonly leave: () => void
  /** What fails a test that left something changed. */
  readonly envChanged: (test: string, changes: string) => Error
  readonly resources: ResourcesOfTests
  /** Takes one line for people. */
  readonly print: (line: string) => void
}

/** What tests of one file ask for: nothing is loaded before somebody does. */
export class FixturesOfFile {
  readonly #surroundings: FixtureSurroundings
  readonly #attempts = new Attempts()
  #fixtures: FileFixtures | undefined
  #functions: Fixtures | undefined
  #isFollowing = false
  /** Tests that must not run, for want of what they were to have. */
  readonly #refused = new Set<CircusTest>()

  constructor(surroundings: FixtureSurroundings) {
    this.#surroundings = surroundings
  }

  /** What tests call. */
  get functions(): Fixtures {
    return (this.#functions ??= this.#callsOf(this.#opened().functions))
  }

  /** What tests call. */
  get resources(): InstalledHeddle['resources'] {
    const { resources } = this.#surroundings
    return {
      declare: (name, options) => resources.declare(name, options),
      handleOf: (name) => resources.handleOf(name, this.#attempts.asking),
    }
  }

  /** Tests that are registered from now on may ask for something. */
  followTests(): void {
    this.#isFollowing = true
  }

  /** Before the file is loaded. @throws what making a resource throws */
  async open(): Promise<void> {
    await this.#surroundings.resources.open()
  }

  /** Listens to the events of the file, beside whoever does already. Who holds something for its tests listens later. */
  attachTo(environment: CircusEnvironment): void {
    const theirs = environment.handleTestEvent?.bind(environment)
    environment.handleTestEvent = (event, state) => this.#handle(event, state, () => theirs?.(event, state))
  }

  /** The file has ended. */
  async close(hasFailed: boolean): Promise<void> {
    this.#attempts.running = undefined
    if (this.#fixtures !== undefined) await this.#closeFixtures(this.#fixtures, hasFailed)
    await this.#surroundings.resources.close()
    this.#attempts.forget()
  }

  async #closeFixtures(fixtures: FileFixtures, hasFailed: boolean): Promise<void> {
    const { file, leave, print } = this.#surroundings
    const { kept } = await fixtures.close({ hasFailed })
    leave()
    printKept(file, kept, print)
  }

  #handle(event: CircusEvent, state: CircusState, next: () => unknown): unknown {
    switch (event.name) {
      case 'add_test':
        this.#addTest(event.asyncError, state)
        return next()
      case 'run_describe_start':
        return event.describeBlock.parent === undefined
          ? after(next, () => this.#beforeTests(event.describeBlock, state))
          : next()
      case 'test_started':
        return before(next, () => this.#beginTest(event.test))
      case 'test_done':
        return after(next, () => this.#endTest(event.test))
      case 'setup':
      case 'start_describe_definition':
      case 'finish_describe_definition':
      case 'run_describe_finish':
      case 'test_start':
        return next()
      default:
        // Jest has more of them.
        return next()
    }
  }

  #callsOf(functions: Fixtures): Fixtures {
    const calls = Object.entries(functions).map(([name, fn]: [string, (...args: unknown[]) => unknown]) => [
      name,
      (...args: unknown[]) => this.#attempts.call(() => fn(...args)),
    ])
    return Object.fromEntries(calls) as Fixtures
  }

  #opened(): FileFixtures {
    if (this.#fixtures !== undefined) return this.#fixtures
    const { open, file } = this.#surroundings
    const attempts = this.#attempts
    return (this.#fixtures = open({
      file,
      currentTest: () => attempts.asking,
      labelOf: (attempt) => labelOf(attempts.testOf(attempt)),
    }))
  }

  #addTest(place: CircusPlace | undefined, state: CircusState): void {
    const test = state.currentDescribeBlock.children.at(-1)
    // Jest registers no test inside of another.
    if (test?.type !== 'test' || test.asyncError !== place || test.fn === undefined) return
    const begin = (): Attempt => this.#attemptOf(test)
    if (test.concurrent && this.#surroundings.resources.isOpen)
      test.fn = this.#attempts.follow(
        delayed(test.fn, () => this.#provide(begin(), test)),
        begin,
      )
    else if (this.#isFollowing) test.fn = this.#attempts.follow(test.fn, begin)
  }

  async #beforeTests(root: CircusBlock, state: CircusState): Promise<void> {
    if (this.#surroundings.isGuarded) this.#opened()
    const isRunning = testsIn(root).some((test) => willRun(test, state))
    if (isRunning) await this.#attempts.call(async () => this.#fixtures?.beforeTests())
  }

  async #beginTest(test: CircusTest): Promise<void> {
    const attempt = this.#attemptOf(test)
    this.#attempts.running = attempt
    if (!this.#surroundings.resources.isOpen) return
    const startedAt = now()
    try {
      await this.#provide(attempt, test)
    } catch (error) {
      this.#refuse(test, error as object)
    }
    if (typeof test.startedAt === 'number') test.startedAt += now() - startedAt
  }

  #provide(attempt: Attempt, test: CircusTest): Promise<void> {
    return this.#attempts.call(() => this.#surroundings.resources.begin(attempt, test))
  }

  #refuse(test: CircusTest, error: object): void {
    test.errors.push(withPlaceOf(test, error))
    if (test.concurrent) return
    // Without its hooks; with an error Jest does not call its function.
    this.#refused.add(test)
    test.concurrent = true
  }

  /** Jest 29 starts the functions of concurrent tests before it says that the tests have started. */
  #attemptOf(test: CircusTest): Attempt {
    const open = this.#attempts.openOf(test)
    if (open !== undefined) return open
    const attempt = this.#attempts.begin(test)
    this.#fixtures?.beginTest(attempt)
    return attempt
  }

  async #endTest(test: CircusTest): Promise<void> {
    const attempt = this.#attempts.openOf(test)
    this.#attempts.end(test)
    this.#attempts.running = undefined
    if (this.#refused.delete(test)) test.concurrent = false
    if (attempt === undefined) return
    await this.#endFixtures(attempt, test)
    const { resources, print } = this.#surroundings
    if (resources.isOpen) reportRemains(test, await this.#attempts.call(() => resources.end(attempt, test)), print)
  }

  async #endFixtures(attempt: Attempt, test: CircusTest): Promise<void> {
    const fixtures = this.#fixtures
    if (fixtures === undefined) return
    const hasFailed = test.errors.length > 0
    const { envChanged, print } = this.#surroundings
    const { kept, left } = await this.#attempts.call(() => fixtures.endTest(attempt, { hasFailed }))
    const failures = left === undefined ? [] : [envChanged(fullNameOf(test), left)]
    reportRemains(test, { kept, failures }, print)
  }
}

/** As it was when this was loaded, outside of Jest's sandbox: tests cannot fake it. */
const { now } = Date

/** Jest 29 calls the functions of concurrent tests before it says that the tests have started. */
function delayed(fn: CircusFn, first: () => Promise<void>): CircusFn {
  if (isGenerator(fn)) return fn
  const body = fn as unknown as (this: unknown, ...args: unknown[]) => unknown
  return async function waiting(this: unknown, ...args: unknown[]) {
    await first()
    return body.apply(this, args)
  }
}

function labelOf(test: CircusTest | undefined): string {
  return test === undefined ? '' : fullNameOf(test)
}
