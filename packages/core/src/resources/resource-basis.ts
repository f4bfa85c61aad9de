import { createFixtures } from '../fixtures/create-fixtures.js'
import type { FixturePlace } from '../fixtures/fixture-place.js'
import { RunPlace } from '../fixtures/run-place.js'
import type { LongWork } from './long-work.js'
import type { AnyResourceDefinition, ResourceContext, ResourceSurroundings } from './resource.js'
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

/** A resource in a run: its definition, what it is told, and what people are told of it. */
export class ResourceBasis {
  readonly definition: AnyResourceDefinition
  readonly surroundings: ResourceSurroundings
  readonly #run: ResourceRun

  constructor(surroundings: ResourceSurroundings, definition: AnyResourceDefinition, run: ResourceRun) {
    this.definition = definition
    this.surroundings = surroundings
    this.#run = run
  }

  get name(): string {
    return this.surroundings.name
  }

  print(line: string): void {
    this.surroundings.print(line)
  }

  /** Another for each thing that is made. */
  nextNumber(): number {
    return this.#run.nextNumber()
  }

  /** Where something of it asks for fixtures, which last until {@link leave}. @param slot 0 for what all workers use */
  placeOf(slot: number, number: number): RunPlace {
    const label = slot === 0 ? `resource "${this.name}"` : `resource "${this.name}" of worker ${slot}`
    const thread = { ...this.#run.thread, slot: () => slot }
    return new RunPlace({ thread, runDir: this.#run.runDir }, number, label)
  }

  contextOf(place: RunPlace): ResourceContext {
    const { namespace, tempDir, port, ports, portBlock, socketPath } = createFixtures(place)
    const { thread, slots, signal } = this.#run
    const ofRun = { runId: thread.settings.runId, slots: slots(), signal }
    return { ...this.surroundings, ...ofRun, namespace, tempDir, port, ports, portBlock, socketPath }
  }

  async leave(place: RunPlace): Promise<void> {
    const { kept } = await place.close({ hasFailed: this.#run.hasFailed() })
    for (const dir of kept) this.print(`kept "${dir}" of resource "${this.name}"`)
  }

  /** @param doing what is being done, for people; see {@link LongWork} */
  during<T>(doing: string, work: () => T | Promise<T>): Promise<T> {
    return this.#run.longWork.during(`resource "${this.name}": ${this.definition.kind} is being ${doing}`, work)
  }

  /** See {@link failedResource}. */
  failed(doing: string, error: unknown): Error {
    return failedResource({ name: this.name, kind: this.definition.kind }, doing, error)
  }
}
