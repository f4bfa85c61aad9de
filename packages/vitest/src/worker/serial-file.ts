import type { Claim, FileClaims } from '@heddle/core/serial'
import { loadCaptured } from '../load-core.js'
import type { Engine } from './engine.js'
import { Hold } from './hold.js'
import { blocksAround, failEarly, fullNameOf, hasTimedOut, type Suite, type Test } from './host.js'

/** How often to look whether Vitest is done with a skipped test: its hooks run after it says so. */
const SKIP_POLL_MS = 5

/** One test file while it runs: what it, its blocks and its tests hold. */
export class SerialFile {
  readonly #engine: Engine
  readonly #claims: FileClaims
  readonly #holds = new Map<Test | Suite, Hold>()
  readonly #waits = new AbortController()
  #own: Hold | undefined

  constructor(engine: Engine, claims: FileClaims) {
    this.#engine = engine
    this.#claims = claims
  }

  /** Waits for what the file itself claims. */
  async open(claim: Claim): Promise<void> {
    this.#own = await this.#hold(claim, undefined)
  }

  /** Waits for what a test or block claims; if that fails, so does the test or block. */
  async begin(task: Test | Suite, claimOf: () => Claim): Promise<void> {
    try {
      this.#holds.set(task, await this.#hold(claimOf(), task))
    } catch (error) {
      if (!this.#waits.signal.aborted) failEarly(task, error)
    }
    this.#report(task.file)
  }

  /** Gives back what a test or block holds; if that was taken away from it, it fails. */
  async end(task: Test | Suite): Promise<void> {
    const hold = this.#holds.get(task)
    if (hold === undefined) return
    this.#holds.delete(task)
    if (task.type === 'suite' && hasTimedOut(task, true)) hold.abandon()
    await this.#end(hold, (error) => failEarly(task, error))
  }

  /** Gives everything back. */
  async close(file: Suite): Promise<void> {
    for (const task of this.#holds.keys()) await this.end(task)
    this.#report(file)
    if (hasTimedOut(file, true)) this.#own?.abandon()
    if (this.#own !== undefined) await this.#end(this.#own, (error) => failEarly(file, error))
  }

  /** What tests that were skipped while they ran hold: Vitest says nothing when they end. */
  async endSkipped(): Promise<void> {
    for (const task of this.#holds.keys()) if (task.mode === 'skip') await this.end(task)
  }

  /** Gives all waits up. */
  cancel(): void {
    this.#waits.abort()
  }

  get isCancelled(): boolean {
    return this.#waits.signal.aborted
  }

  /** Everything around a test that is held, its own first; around nothing, what the file holds. */
  holdsAround(test: Test | undefined): Hold[] {
    const tasks = test === undefined ? [] : [test, ...blocksAround(test)]
    return [...tasks.map((task) => this.#holds.get(task)), this.#own].filter((hold) => hold !== undefined)
  }

  /** Something of the test that heddle cannot follow goes on after its time-out. */
  abandon(test: Test): void {
    for (const hold of this.holdsAround(test)) hold.abandon()
  }

  /** {@link endSkipped} for a test that may have others beside it, which wait for what it holds. */
  endWhenSkipped(test: Test): void {
    if (!this.#holds.has(test)) return
    if (test.mode === 'skip') void this.end(test)
    else loadCaptured().startTimer(() => this.endWhenSkipped(test), SKIP_POLL_MS)
  }

  holds(key: string | undefined): boolean {
    return this.#claims.holds(key)
  }

  /** The slot of a running test in a group; without a test, that of the file. */
  groupSlotOf(group: string, test: Test | undefined): number | undefined {
    return this.#claims.groupSlotOf(
      group,
      this.holdsAround(test).map(({ claim }) => claim),
    )
  }

  holderOf(test: Test | undefined): string {
    return this.#claims.holderOf(
      test?.id ?? '',
      this.holdsAround(test).map(({ claim }) => claim),
    )
  }

  async #hold(claim: Claim, task: Test | Suite | undefined): Promise<Hold> {
    const claimant = task === undefined ? { id: '', test: undefined } : { id: task.id, test: fullNameOf(task) }
    const outer = task === undefined ? [] : this.#outerClaims(task)
    const kept = this.#engine.keptFor(claim)
    const held = await this.#claims.hold(claim, claimant, kept ?? outer, this.#waits.signal)
    if (task !== undefined && held.waitedMs >= 1) task.meta.heddle = { waitMs: Math.round(held.waitedMs) }
    return new Hold(held, this.#engine.warn)
  }

  #outerClaims(task: Test | Suite): Claim[] {
    const blocks = blocksAround(task).map((block) => this.#holds.get(block))
    return [...blocks, this.#own].flatMap((hold) => (hold === undefined ? [] : [hold.claim]))
  }

  /** For the history, whose durations are without waits. */
  #report(file: Suite): void {
    const { waitedMs, held } = this.#claims
    if (waitedMs >= 1 || held.length > 0) file.meta.heddle = { waitMs: Math.round(waitedMs), held }
  }

  async #end(hold: Hold, fail: (error: unknown) => void): Promise<void> {
    if (hold.isAbandoned) this.#engine.keep(hold.claim)
    try {
      await hold.end()
    } catch (error) {
      fail(error)
    }
  }
}
