import type { RunPlace } from '../fixtures/run-place.js'
import { monotonicClock, startTimer, stopTimer } from '../leases/captured.js'
import type { GivenInstance } from './requests.js'
import type { InstanceRequest } from './resource.js'
import type { ResourceBasis } from './resource-basis.js'
import { ResourceServer, RUN_IS_OVER } from './resource-server.js'

/** One that exists. */
export interface LiveInstance {
  readonly instance: unknown
  /** What workers are given of it. */
  readonly given: GivenInstance
  readonly place: RunPlace
}

/** Makes what a resource consists of in one run, and destroys all of it at the end. */
export class ResourceMaker {
  readonly basis: ResourceBasis
  readonly #server: ResourceServer
  readonly #living = new Set<LiveInstance>()
  /** What is being made or destroyed. */
  readonly #busy = new Set<Promise<unknown>>()
  #hasMade = false
  /** Why none could be made so far. */
  #failure: { readonly error: unknown } | undefined
  #isOver = false

  constructor(basis: ResourceBasis) {
    this.basis = basis
    this.#server = new ResourceServer(basis)
  }

  /** What all instances use; started when first asked for. @throws HeddleError `HEDDLE_RESOURCE_FAILED`, each time the same */
  server(): Promise<unknown> {
    return this.#server.value()
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED`; at once, if none could ever be made */
  async create(request: Pick<InstanceRequest, 'slot' | 'lifetime'>): Promise<LiveInstance> {
    if (this.#failure !== undefined) throw this.#failure.error
    try {
      const made = await this.#following(this.#create(request))
      this.#hasMade = true
      this.#failure = undefined
      return made
    } catch (error) {
      if (!this.#hasMade && !this.#isOver) this.#failure ??= { error }
      throw error
    }
  }

  /** Never fails: people are told. */
  async destroy(live: LiveInstance): Promise<void> {
    if (this.#living.delete(live)) await this.#following(this.#destroy(live))
  }

  /** The run is over: destroys everything, and tells people if that takes too long. */
  async close(patienceMs: number): Promise<void> {
    const startedAt = monotonicClock()
    this.#isOver = true
    this.#server.end()
    if (await isWithin(this.#close(), patienceMs)) return
    const seconds = Math.round((monotonicClock() - startedAt) / 1000)
    this.basis.print(`resource "${this.basis.name}": not everything was destroyed after ${seconds} s`)
  }

  async #create(request: Pick<InstanceRequest, 'slot' | 'lifetime'>): Promise<LiveInstance> {
    const server = await this.#server.value()
    const number = this.basis.nextNumber()
    const place = this.basis.placeOf(request.slot, number)
    try {
      if (this.#isOver) throw new Error(RUN_IS_OVER)
      const asked = { ...this.basis.contextOf(place), ...request, number }
      const { create } = this.basis.definition
      const instance = await this.basis.during('created', () => create(asked, server))
      return await this.#adopt({ instance, place }, number)
    } catch (error) {
      await place.close({ hasFailed: true })
      throw this.basis.failed('create', error)
    }
  }

  /** @throws what the definition throws when it is asked for the value: then it is destroyed */
  async #adopt(made: Pick<LiveInstance, 'instance' | 'place'>, number: number): Promise<LiveInstance> {
    try {
      const { value, env } = this.basis.definition
      const { instance } = made
      const given = { number, value: value?.(instance) ?? (instance as object), env: env?.(instance) ?? {} }
      const live = { ...made, given }
      this.#living.add(live)
      return live
    } catch (error) {
      await this.#destroy(made)
      throw error
    }
  }

  async #destroy({ instance, place }: Pick<LiveInstance, 'instance' | 'place'>): Promise<void> {
    const { destroy } = this.basis.definition
    try {
      const server = await this.#server.value()
      await this.basis.during('destroyed', () => destroy?.(instance, server))
    } catch (error) {
      this.basis.print(this.basis.failed('destroy', error).message)
    }
    await this.basis.leave(place)
  }

  /** What is still being made is destroyed as soon as it is there. */
  async #close(): Promise<void> {
    while (this.#busy.size > 0 || this.#living.size > 0)
      await Promise.allSettled([...this.#busy, ...[...this.#living].map((live) => this.destroy(live))])
    await this.#server.stop()
  }

  async #following<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work)
    try {
      return await work
    } finally {
      this.#busy.delete(work)
    }
  }
}

async function isWithin(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof startTimer> | undefined
  const limit = new Promise<boolean>((resolve) => (timer = startTimer(() => resolve(false), ms)))
  const isDone = await Promise.race([work.then(() => true), limit])
  stopTimer(timer)
  return isDone
}
