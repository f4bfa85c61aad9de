import { globPatternsOf, matchesGlobs, type GlobPatterns } from '../groups/glob-patterns.js'
import { toPortablePath } from '../workspace/job-key.js'
import type { GivenResource } from './requests.js'
import type { AnyResourceDefinition, PerTest, ResourceSurroundings } from './resource.js'
import { ResourceBasis, type ResourceRun } from './resource-basis.js'
import { ResourceMaker, type LiveInstance } from './resource-maker.js'
import { WorkerSlot } from './worker-slot.js'

/** Between the slots of workers that their hosts gave the same number. */
const OTHER_POOL = 1000

/** One resource in the main process: what its workers have of it, by slot. */
export class HostedResource {
  readonly name: string
  readonly definition: AnyResourceDefinition
  readonly perTest: PerTest
  readonly #maker: ResourceMaker
  readonly #root: string
  readonly #patterns: GlobPatterns | undefined
  readonly #slots = new Map<number, WorkerSlot>()

  constructor(surroundings: ResourceSurroundings, definition: AnyResourceDefinition, run: ResourceRun) {
    this.name = surroundings.name
    this.definition = definition
    this.perTest = definition.perTest ?? (definition.reset === undefined ? 'clone' : 'reset')
    this.#maker = new ResourceMaker(new ResourceBasis(surroundings, definition, run))
    this.#root = surroundings.root
    const { files } = definition
    this.#patterns = files === undefined ? undefined : globPatternsOf([files].flat(), '')
  }

  /** @param path of a test file, absolute */
  isUsedBy(path: string): boolean {
    if (this.#patterns === undefined) return true
    return matchesGlobs(this.#patterns, toPortablePath(this.#root, path))
  }

  /** Begins to make what workers in the first slots will use. @returns those that could be made, in the end */
  async prepare(count: number): Promise<ReadonlyMap<number, LiveInstance>> {
    const numbers = Array.from({ length: count }, (_, i) => i + 1)
    const made = new Map<number, LiveInstance>()
    const all = numbers.map(async (number) => made.set(number, await this.#slotOf(number).prepare()))
    await Promise.allSettled(all)
    return made
  }

  /**
   * Gives a file the slot of its worker. One that is still in use by another file is left to it, as several pools of one host
   * may number their workers alike: then it is given one that no worker has.
   */
  claim(number: number, user: object): WorkerSlot {
    for (let free = number; ; free += OTHER_POOL) {
      const slot = this.#slotOf(free)
      if (slot.user !== undefined) continue
      slot.user = user
      return slot
    }
  }

  givenOf({ given }: LiveInstance): GivenResource {
    const { calls = {}, worker, reset, afterTest } = this.definition
    const can = { canReset: reset !== undefined, looksAfterTests: afterTest !== undefined }
    return { name: this.name, perTest: this.perTest, calls: Object.keys(calls), worker, ...can, instance: given }
  }

  server(): Promise<unknown> {
    return this.#maker.server()
  }

  /** Never fails. */
  destroy(live: LiveInstance): Promise<void> {
    return this.#maker.destroy(live)
  }

  close(patienceMs: number): Promise<void> {
    return this.#maker.close(patienceMs)
  }

  #slotOf(number: number): WorkerSlot {
    const slot = this.#slots.get(number) ?? new WorkerSlot(number, this.#maker)
    this.#slots.set(number, slot)
    return slot
  }
}
