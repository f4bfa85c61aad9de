import type { FileFixtures, FileOfFixtures, Fixtures } from '@heddle/core/fixtures'
import { Attempts, type Attempt } from './attempts.js'
import { fullNameOf, testsIn, willRun } from './circus-tree.js'
import type {
  CircusBlock,
  CircusEnvironment,
  CircusEvent,
  CircusPlace,
  CircusState,
  CircusTest,
} from './circus-types.js'
import { after, before } from './listen-to-events.js'
import { printKept, reportRemains } from './report-remains.js'

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

  constructor(surroundings: FixtureSurroundings) {
    this.#surroundings = surroundings
  }

  /** What tests call. */
  get functions(): Fixtures {
    return (this.#functions ??= this.#callsOf(this.#opened().functions))
  }

  /** Tests that are registered from now on may ask for something. */
  followTests(): void {
    this.#isFollowing = true
  }

  /** Listens to the events of the file, beside whoever does already. Who holds something for its tests listens later. */
  attachTo(environment: CircusEnvironment): void {
    const theirs = environment.handleTestEvent?.bind(environment)
    environment.handleTestEvent = (event, state) => this.#handle(event, state, () => theirs?.(event, state))
  }

  /** The file has ended. */
  async close(hasFailed: boolean): Promise<void> {
    const { file, leave, print } = this.#surroundings
    this.#attempts.running = undefined
    if (this.#fixtures === undefined) return
    const { kept } = await this.#fixtures.close({ hasFailed })
    leave()
    this.#attempts.forget()
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
        return before(next, async () => this.#beginTest(event.test))
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
    if (!this.#isFollowing || test?.type !== 'test' || test.asyncError !== place || test.fn === undefined) return
    test.fn = this.#attempts.follow(test.fn, () => this.#attemptOf(test))
  }

  async #beforeTests(root: CircusBlock, state: CircusState): Promise<void> {
    if (this.#surroundings.isGuarded) this.#opened()
    const isRunning = testsIn(root).some((test) => willRun(test, state))
    if (isRunning) await this.#attempts.call(async () => this.#fixtures?.beforeTests())
  }

  #beginTest(test: CircusTest): void {
    this.#attempts.running = this.#attemptOf(test)
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
    const fixtures = this.#fixtures
    if (attempt === undefined || fixtures === undefined) return
    const hasFailed = test.errors.length > 0
    const { kept, left } = await this.#attempts.call(() => fixtures.endTest(attempt, { hasFailed }))
    const error = left === undefined ? undefined : this.#surroundings.envChanged(fullNameOf(test), left)
    reportRemains(test, { kept, error }, this.#surroundings.print)
  }
}

function labelOf(test: CircusTest | undefined): string {
  return test === undefined ? '' : fullNameOf(test)
}
