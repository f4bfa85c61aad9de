import { createFixtures } from '../fixtures/create-fixtures.js'
import type { FixturePlace } from '../fixtures/fixture-place.js'
import { RunPlace } from '../fixtures/run-place.js'
import { monotonicClock, startTimer, stopTimer } from '../leases/captured.js'
import type { LongWork } from './long-work.js'
import type { GivenInstance } from './requests.js'
import type { AnyResourceDefinition, InstanceRequest, ResourceContext, ResourceSurroundings } from './resource.js'
import { failedResource } from './resource-errors.js'

/** The main process of a run, for what is made in it. */
export interface ResourceRun extends Pick<FixturePlace, 'thread' | 'runDir'> {
  readonly longWork: LongWork
  /** See {@link ResourceContext.slots}. */
  readonly slots: () => number
  readonly signal: AbortSignal
  readonly hasFailed: () => boolean
  /** Another for each thing that is made. */
  readonly nextNumber: () => number
}

/** One that exists. */
export interface LiveInstance {
  readonly instance: unknown
  /** What workers are given of it. */
  readonly given: GivenInstance
  readonly place: RunPlace
}

/** What one instance is made for. */
export type InstancePlace = Pick<InstanceRequest, 'slot' | 'lifetime'>

const OVER = 'the run is over'

/** Makes what a resource consists of in one run, and destroys all of it at the end. */
export class ResourceMaker {
  readonly definition: AnyResourceDefinition
  readonly #surroundings: ResourceSurroundings
  readonly #run: ResourceRun
  readonly #place: RunPlace
  readonly #living = new Set<LiveInstance>()
  /** What is being made or destroyed. */
  readonly #busy = new Set<Promise<unknown>>()
  #starting: Promise<unknown> | undefined
  #hasMade = false
  /** Why none could be made so far. */
  #failure: { readonly error: unknown } | undefined
  #isOver = false

  constructor(surroundings: ResourceSurroundings, definition: AnyResourceDefinition, run: ResourceRun) {
    this.definition = definition
    this.#surroundings = surroundings
    this.#run = run
    this.#place = new RunPlace(run, run.nextNumber(), `resource "${surroundings.name}"`)
  }

  get name(): string {
    return this.#surroundings.name
  }

  /** What all instances use; started when first asked for. @throws HeddleError `HEDDLE_RESOURCE_FAILED`, each time the same */
  server(): Promise<unknown> {
    if (this.#isOver && this.#starting === undefined) return Promise.reject(this.#failed('start', new Error(OVER)))
    return (this.#starting ??= this.#following(this.#start()))
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED`; at once, if none could ever be made */
  async create(place: InstancePlace): Promise<LiveInstance> {
    if (this.#failure !== undefined) throw this.#failure.error
    try {
      const made = await this.#following(this.#create(place))
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

  /** What is being done, for people; see {@link LongWork}. */
  during<T>(doing: string, work: () => T | Promise<T>): Promise<T> {
    return this.#run.longWork.during(`resource "${this.name}": ${this.definition.kind} is being ${doing}`, work)
  }

  /** The run is over: destroys everything. Safe to call twice. @returns false if it took too long */
  async close(patienceMs: number): Promise<boolean> {
    const startedAt = monotonicClock()
    this.#isOver = true
    const isDone = await isWithin(this.#close(), patienceMs)
    const seconds = Math.round((monotonicClock() - startedAt) / 1000)
    if (!isDone) this.#print(`resource "${this.name}": not everything was destroyed after ${seconds} s`)
    return isDone
  }

  async #start(): Promise<unknown> {
    const { start } = this.definition
    try {
      return await this.during('started', () => start?.(this.#contextOf(this.#place)))
    } catch (error) {
      throw this.#failed('start', error)
    }
  }

  async #create(request: InstancePlace): Promise<LiveInstance> {
    const server = await this.server()
    const number = this.#run.nextNumber()
    const label = `resource "${this.name}" of worker ${request.slot}`
    const thread = { ...this.#run.thread, slot: () => request.slot }
    const place = new RunPlace({ thread, runDir: this.#run.runDir }, number, label)
    try {
      if (this.#isOver) throw new Error(OVER)
      const asked = { ...this.#contextOf(place), ...request, number }
      const instance = await this.during('created', () => this.definition.create(asked, server))
      return await this.#adopt({ instance, place }, number)
    } catch (error) {
      await place.close({ hasFailed: true })
      throw this.#failed('create', error)
    }
  }

  /** @throws what the definition throws when it is asked for the value: then it is destroyed */
  async #adopt({ instance, place }: Pick<LiveInstance, 'instance' | 'place'>, number: number): Promise<LiveInstance> {
    try {
      const live = { instance, place, given: this.#givenOf(instance, number) }
      this.#living.add(live)
      return live
    } catch (error) {
      await this.#destroy({ instance, place })
      throw error
    }
  }

  #givenOf(instance: unknown, number: number): GivenInstance {
    const { value, env } = this.definition
    return { number, value: value?.(instance) ?? (instance as object), env: env?.(instance) ?? {} }
  }

  async #destroy({ instance, place }: Pick<LiveInstance, 'instance' | 'place'>): Promise<void> {
    try {
      const server = await this.server()
      await this.during('destroyed', () => this.definition.destroy?.(instance, server))
    } catch (error) {
      this.#print(this.#failed('destroy', error).message)
    }
    await this.#leave(place)
  }

  async #close(): Promise<void> {
    while (this.#busy.size > 0 || this.#living.size > 0)
      await Promise.allSettled([...this.#busy, ...[...this.#living].map((live) => this.destroy(live))])
    await this.#stop()
    await this.#leave(this.#place)
  }

  async #stop(): Promise<void> {
    if (this.#starting === undefined) return
    // It has not been started, which has been told.
    const server = await this.#starting.then(
      (value) => ({ value }),
      () => undefined,
    )
    this.#starting = undefined
    try {
      if (server !== undefined) await this.definition.stop?.(server.value)
    } catch (error) {
      this.#print(this.#failed('stop', error).message)
    }
  }

  async #leave(place: RunPlace): Promise<void> {
    const { kept } = await place.close({ hasFailed: this.#run.hasFailed() })
    for (const dir of kept) this.#print(`kept "${dir}" of resource "${this.name}"`)
  }

  async #following<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work)
    try {
      return await work
    } finally {
      this.#busy.delete(work)
    }
  }

  #contextOf(place: RunPlace): ResourceContext {
    const { namespace, tempDir, port, ports, portBlock, socketPath } = createFixtures(place)
    const { thread, slots, signal } = this.#run
    const ofRun = { runId: thread.settings.runId, slots: slots(), signal }
    return { ...this.#surroundings, ...ofRun, namespace, tempDir, port, ports, portBlock, socketPath }
  }

  #failed(doing: string, error: unknown): Error {
    return failedResource({ name: this.name, kind: this.definition.kind }, doing, error)
  }

  #print(line: string): void {
    this.#surroundings.print(line)
  }
}

async function isWithin(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof startTimer> | undefined
  const limit = new Promise<boolean>((resolve) => (timer = startTimer(() => resolve(false), ms)))
  const isDone = await Promise.race([work.then(() => true), limit])
  stopTimer(timer)
  return isDone
}
