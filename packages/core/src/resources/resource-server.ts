import type { RunPlace } from '../fixtures/run-place.js'
import type { ResourceBasis } from './resource-basis.js'

/** Why nothing is made any more. */
export const RUN_IS_OVER = 'the run is over'

/** What all workers of a run use of a resource: started when it is first needed, once. */
export class ResourceServer {
  readonly #basis: ResourceBasis
  readonly #place: RunPlace
  #starting: Promise<unknown> | undefined
  #isOver = false

  constructor(basis: ResourceBasis) {
    this.#basis = basis
    this.#place = basis.placeOf(0, basis.nextNumber())
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED`, each time the same; also if the run is over and it was never started */
  value(): Promise<unknown> {
    if (this.#isOver && this.#starting === undefined)
      return Promise.reject(this.#basis.failed('start', new Error(RUN_IS_OVER)))
    return (this.#starting ??= this.#start())
  }

  /** From now on it is not started any more. */
  end(): void {
    this.#isOver = true
  }

  /** Nobody uses it any more. Never fails: people are told. */
  async stop(): Promise<void> {
    const { stop } = this.#basis.definition
    const started = await this.#starting?.then(
      (value) => ({ value }),
      // Whoever wanted to use it was told.
      () => undefined,
    )
    try {
      if (started !== undefined) await stop?.(started.value)
    } catch (error) {
      this.#basis.print(this.#basis.failed('stop', error).message)
    }
    await this.#basis.leave(this.#place)
  }

  async #start(): Promise<unknown> {
    const { start } = this.#basis.definition
    try {
      return await this.#basis.during('started', () => start?.(this.#basis.contextOf(this.#place)))
    } catch (error) {
      throw this.#basis.failed('start', error)
    }
  }
}
