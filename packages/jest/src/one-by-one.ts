import { requestTurn, runIsOver, type PlannedFile, type Turn, type Turns, type TurnSource } from './turns.js'

/** The files in their order: each starts when the one before it is over. */
export class OneByOne implements Turns {
  readonly #source: TurnSource
  readonly #files: readonly PlannedFile[]
  #next = 0
  #before: Promise<void> = Promise.resolve()
  #isOver = false

  constructor(files: readonly PlannedFile[], source: TurnSource) {
    this.#source = source
    this.#files = files
    source.announce(files.map(({ job }) => job))
  }

  async next(): Promise<Turn> {
    const file = this.#files[this.#next++]
    const before = this.#before
    let letNext = (): void => undefined
    this.#before = new Promise((resolve) => (letNext = resolve))
    await before
    const turn = file === undefined || this.#isOver ? undefined : await requestTurn(this.#source, file)
    if (turn !== undefined) return { ...turn, end: () => turn.end().finally(letNext) }
    letNext()
    throw runIsOver()
  }

  async stop(): Promise<void> {
    this.#isOver = true
    this.#source.close()
  }
}
