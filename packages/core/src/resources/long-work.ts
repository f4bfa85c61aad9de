import { monotonicClock, startTimer, stopTimer } from '../leases/captured.js'

/** When people are told, ms. */
interface Patience {
  readonly firstMs: number
  readonly againMs: number
}

const PATIENCE: Patience = { firstMs: 2000, againMs: 30_000 }

interface OngoingWork {
  count: number
  readonly startedAt: number
  timer: ReturnType<typeof startTimer> | undefined
}

/** Tells people what they are waiting for: after 2 s, and every 30 s from then on. Several that do the same are told as one. */
export class LongWork {
  readonly #print: (line: string) => void
  readonly #patience: Patience
  readonly #ongoing = new Map<string, OngoingWork>()

  constructor(print: (line: string) => void, patience = PATIENCE) {
    this.#print = print
    this.#patience = patience
  }

  /** @param what is being done, for people: `resource "main": postgres is being started` */
  async during<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    const ongoing = this.#ongoing.get(what) ?? this.#begin(what)
    ongoing.count++
    try {
      return await work()
    } finally {
      ongoing.count--
      if (ongoing.count === 0) this.#end(what, ongoing)
    }
  }

  #begin(what: string): OngoingWork {
    const ongoing: OngoingWork = { count: 0, startedAt: monotonicClock(), timer: undefined }
    this.#ongoing.set(what, ongoing)
    this.#tellIn(this.#patience.firstMs, what, ongoing)
    return ongoing
  }

  #end(what: string, { timer }: OngoingWork): void {
    stopTimer(timer)
    this.#ongoing.delete(what)
  }

  #tellIn(ms: number, what: string, ongoing: OngoingWork): void {
    ongoing.timer = startTimer(() => {
      const seconds = Math.round((monotonicClock() - ongoing.startedAt) / 1000)
      this.#print(`${what}, for ${seconds} s so far`)
      this.#tellIn(this.#patience.againMs, what, ongoing)
    }, ms)
    ongoing.timer.unref()
  }
}
