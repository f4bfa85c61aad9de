import { requestTurn, runIsOver, type PlannedFile, type Turn, type Turns, type TurnSource } from './turns.js'

interface Waiter {
  readonly resolve: (turn: Turn) => void
  readonly reject: (error: Error) => void
}

/** Whichever file the dispatcher admits next. */
export class FirstAdmitted implements Turns {
  readonly #source: TurnSource
  /** Turns that nobody has come for, or those who wait for one. */
  readonly #open: Turn[] = []
  readonly #waiting: Waiter[] = []
  #isOver = false

  constructor(files: readonly PlannedFile[], source: TurnSource) {
    this.#source = source
    source.announce(files.map(({ job }) => job))
    for (const file of files) void requestTurn(source, file).then((turn) => this.#offer(turn))
  }

  async next(): Promise<Turn> {
    const turn = this.#open.shift()
    if (turn !== undefined) return turn
    if (this.#isOver) throw runIsOver()
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    this.#source.close()
    for (const { reject } of this.#waiting.splice(0)) reject(runIsOver())
    await Promise.all(this.#open.splice(0).map((turn) => turn.end()))
  }

  #offer(turn: Turn | undefined): void {
    const waiter = this.#waiting.shift()
    if (turn === undefined || this.#isOver) void turn?.end()
    else if (waiter === undefined) this.#open.push(turn)
    else waiter.resolve(turn)
  }
}
