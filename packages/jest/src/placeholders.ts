import type { HostContext, HostTest } from './host-types.js'
import type { Turn, Turns } from './turns.js'

/** What happens to files. */
export interface PlaceholderEvents {
  /** A file is about to start. */
  readonly onTurn: (turn: Turn) => void
  /** Jest looked which file it is before one was chosen: from now on its own order counts, and nothing is waited for. */
  readonly onBypass: () => void
}

export interface Chosen {
  readonly test: HostTest
  /** Why it must fail, if it must. */
  readonly refusal?: unknown
}

/**
 * What Jest is handed in the place of its files. It announces a file, waits for all who listen, and only then looks which
 * one it is: so that is decided when a worker is free, and a file that must wait for others holds up nobody else.
 *
 * Every file runs exactly once, also in a Jest that does not wait.
 */
export class Placeholders {
  readonly tests: HostTest[]
  readonly #turns: Turns
  readonly #events: PlaceholderEvents
  /** Files that have not been chosen. */
  readonly #left: Set<HostTest>
  readonly #chosen = new Map<HostTest, Promise<Chosen>>()
  readonly #running = new Map<HostTest, Turn>()
  readonly #ending = new Set<Promise<void>>()
  #isBypassed = false

  constructor(tests: readonly HostTest[], turns: Turns, events: PlaceholderEvents) {
    this.#turns = turns
    this.#events = events
    this.#left = new Set(tests)
    this.tests = tests.map((test) => new Placeholder(test, (self) => this.#bypass(self)))
  }

  /** What a placeholder stands for; if that was never decided, the file in whose place it is. */
  fileOf(test: HostTest): HostTest {
    return test instanceof Placeholder ? (test.file ?? test.original) : test
  }

  /** Waits until a file may start, and lets the placeholder stand for it. */
  choose(test: HostTest): Promise<Chosen> {
    const chosen = this.#chosen.get(test) ?? this.#choose(test)
    // Every listener asks.
    this.#chosen.set(test, chosen)
    return chosen
  }

  /** The file is over. */
  end(test: HostTest): void {
    const turn = this.#running.get(test)
    this.#running.delete(test)
    if (turn !== undefined) this.#track(turn.end())
  }

  /** Nothing is to start any more. */
  stop(): void {
    this.#track(this.#turns.stop())
  }

  /** The run is over, and its workers have ended. */
  async close(): Promise<void> {
    this.stop()
    for (const test of this.#running.keys()) this.end(test)
    await Promise.all(this.#ending)
  }

  async #choose(test: HostTest): Promise<Chosen> {
    if (!(test instanceof Placeholder)) return { test }
    const turn = await this.#nextTurn()
    if (turn === undefined) return { test: (test.file ??= this.#take(test)) }
    this.#left.delete(turn.test)
    test.file = turn.test
    this.#running.set(test, turn)
    if (turn.refusal === undefined) this.#events.onTurn(turn)
    return { test: turn.test, refusal: turn.refusal }
  }

  /** @returns undefined if Jest's own order counts */
  async #nextTurn(): Promise<Turn | undefined> {
    try {
      return this.#isBypassed ? undefined : await this.#turns.next()
    } catch (error) {
      if (this.#isBypassed) return undefined
      throw error
    }
  }

  #bypass(placeholder: Placeholder): HostTest {
    if (!this.#isBypassed) this.#events.onBypass()
    this.#isBypassed = true
    this.stop()
    return this.#take(placeholder)
  }

  /** Its own file, or else the next one that is left. */
  #take({ original }: Placeholder): HostTest {
    const test = this.#left.has(original) ? original : ([...this.#left][0] ?? original)
    this.#left.delete(test)
    return test
  }

  #track(ending: Promise<void>): void {
    this.#ending.add(ending)
    void ending.finally(() => this.#ending.delete(ending))
  }
}

/** A file that is not decided yet. */
class Placeholder implements HostTest {
  readonly original: HostTest
  readonly #whenEarly: (self: Placeholder) => HostTest
  file: HostTest | undefined

  constructor(original: HostTest, whenEarly: (self: Placeholder) => HostTest) {
    this.original = original
    this.#whenEarly = whenEarly
  }

  /** Jest looks at the projects of all files before it starts any. */
  get context(): HostContext {
    return (this.file ?? this.original).context
  }

  get path(): string {
    return (this.file ??= this.#whenEarly(this)).path
  }

  get duration(): number | undefined {
    return (this.file ?? this.original).duration
  }
}
