import { reasonOf } from '../errors.js'
import type { ResetReport } from './resource.js'
import type { LiveInstance, ResourceMaker } from './resource-maker.js'

/** An instance that is clean, and what had to be done for it. */
export interface CleanInstance {
  readonly live: LiveInstance
  /** For people: what was found and removed. */
  readonly cleaned: readonly string[]
}

/** What one worker after the other has of a resource in one slot: one instance over many files, and the clone after the next. */
export class WorkerSlot {
  readonly number: number
  readonly #maker: ResourceMaker
  /** The file that has it. */
  user: object | undefined
  #instance: Promise<LiveInstance> | undefined
  #isUsed = false
  #spare: Promise<LiveInstance> | undefined
  /** What is done with the instance: one thing after the other, also if who asked for it is gone. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(number: number, maker: ResourceMaker) {
    this.number = number
    this.#maker = maker
  }

  /** Begins to make what the first file will use. */
  prepare(): Promise<LiveInstance> {
    return quiet((this.#instance ??= this.#maker.create({ slot: this.number, lifetime: 'worker' })))
  }

  /** For a file. @param isKept whether it may find what others left @throws what making it throws */
  open(isKept: boolean): Promise<LiveInstance> {
    return this.#next(async () => {
      const { live } = this.#isUsed && !isKept ? await this.#makeClean() : { live: await this.#ensure() }
      this.#isUsed = true
      return live
    })
  }

  /** For an attempt of a test. @throws what making it throws */
  reset(): Promise<CleanInstance> {
    return this.#next(() => this.#makeClean())
  }

  /** One that only an attempt has: whoever takes it destroys it. @throws what making it throws */
  async takeClone(): Promise<LiveInstance> {
    const spare = this.#spare
    this.#spare = undefined
    try {
      return await (spare ?? this.#createClone())
    } finally {
      this.prefetch()
    }
  }

  /** Begins to make the next clone. */
  prefetch(): void {
    if (this.#spare !== undefined) return
    const spare = quiet(this.#createClone())
    this.#spare = spare
    // The next attempt tries again itself.
    spare.catch(() => {
      if (this.#spare === spare) this.#spare = undefined
    })
  }

  #createClone(): Promise<LiveInstance> {
    return this.#maker.create({ slot: this.number, lifetime: 'test' })
  }

  async #makeClean(): Promise<CleanInstance> {
    const live = await this.#ensure()
    const { basis } = this.#maker
    const { reset } = basis.definition
    if (reset === undefined) return { live: await this.#remake(live), cleaned: [] }
    try {
      const server = await this.#maker.server()
      const report: ResetReport = (await basis.during('cleaned', () => reset(live.instance, server))) ?? {}
      if (report.notice !== undefined) basis.print(`resource "${basis.name}": ${report.notice}`)
      return { live, cleaned: report.cleaned ?? [] }
    } catch (error) {
      const what = `resource "${basis.name}" of worker ${this.number}`
      basis.print(`${what} could not be cleaned and is made anew: ${reasonOf(error)}`)
      return { live: await this.#remake(live), cleaned: [] }
    }
  }

  /** No two of a slot are there at once. */
  async #remake(old: LiveInstance): Promise<LiveInstance> {
    this.#instance = undefined
    await this.#maker.destroy(old)
    return this.#ensure()
  }

  async #ensure(): Promise<LiveInstance> {
    const instance = this.prepare()
    try {
      return await instance
    } catch (error) {
      // The next file tries again.
      if (this.#instance === instance) this.#instance = undefined
      throw error
    }
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = quiet(turn).catch(() => undefined)
    return turn
  }
}

/** Whoever awaits it learns of its failure; nobody has to. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
