import { failedResource, hasEnded, leftOpen } from './resource-errors.js'
import { callWhile, createHandle, type CallOf, type HandedInstance } from './resource-handle.js'
import type { GivenInstance, GivenResource } from './requests.js'
import type { EndedTest, PerTest, TestReport } from './resource.js'
import type { ResourceRemains } from './resource-thread.js'
import { closePart, openPart, type WorkerParts } from './worker-parts.js'

/** The test file that has it. */
export interface FileOfResource {
  /** As people know it. */
  readonly file: string
  readonly isOpen: () => boolean
  readonly parts: WorkerParts
  readonly print: (line: string) => void
  /** @param number of the instance */
  readonly call: (number: number, ...call: Parameters<CallOf>) => Promise<unknown>
}

/** What an attempt is given of it. */
export interface TakenInstance {
  readonly attempt: object
  readonly label: string
  /** Undefined if there was nothing to make clean. */
  readonly instance: GivenInstance | undefined
}

/** One resource of a test file, in its worker: the instance of the worker, and those of attempts that have their own. */
export class OpenedResource {
  readonly given: GivenResource
  perTest: PerTest
  readonly #file: FileOfResource
  readonly #clones = new Map<object, HandedInstance>()
  #base: HandedInstance | undefined
  /** What the part of the base was opened for. */
  #basePerTest: PerTest | undefined

  constructor(given: GivenResource, file: FileOfResource) {
    this.given = given
    this.perTest = given.perTest
    this.#file = file
  }

  get name(): string {
    return this.given.name
  }

  /** Whether two attempts that overlap would disturb each other's cleaning. */
  get isInPlace(): boolean {
    return this.perTest === 'reset' || this.perTest === 'rollback'
  }

  /** Whether other tests go on in it. */
  get isShared(): boolean {
    return this.perTest === 'file' || this.perTest === 'none'
  }

  /** Whether the main process has to do something when an attempt begins. */
  get isMadeClean(): boolean {
    return this.perTest === 'reset' || this.perTest === 'clone'
  }

  /** Whether the main process has to know when one has ended. */
  get isLookedAfter(): boolean {
    return this.given.looksAfterTests || this.perTest === 'clone'
  }

  /** Takes what the worker has of it from now on. @throws HeddleError `HEDDLE_RESOURCE_FAILED` */
  async takeBase(instance: GivenInstance): Promise<void> {
    if (this.#base?.given.number === instance.number && this.#basePerTest === this.perTest) return
    const { isOpen, file, parts, print } = this.#file
    const call = this.#callOf(instance, isOpen, file)
    const { perTest, given: resource } = this
    const part = await parts.keep({ resource, perTest, instance, call, print })
    this.#base = { given: instance, part, handle: createHandle(resource, instance, call, part?.handle) }
    this.#basePerTest = perTest
  }

  /** Takes what an attempt is given of it, if the main process had to make it clean. @throws HeddleError `HEDDLE_RESOURCE_FAILED` */
  async take({ attempt, label, instance }: TakenInstance): Promise<void> {
    if (instance !== undefined && this.perTest === 'clone') await this.#takeClone(attempt, label, instance)
    // What it is opened for may have been changed by the file since.
    else await this.takeBase(instance ?? this.#base?.given ?? this.given.instance)
  }

  /** What of it is in this process is told that an attempt begins. @throws HeddleError `HEDDLE_RESOURCE_FAILED` */
  async begin(attempt: object): Promise<void> {
    try {
      await this.instanceOf(attempt).part?.beforeTest?.()
    } catch (error) {
      throw this.#failed('make clean', error)
    }
  }

  /** It is told that the attempt has ended. Never throws. */
  async end(attempt: object, test: EndedTest): Promise<ResourceRemains> {
    try {
      const ended = { ...test, isShared: this.isShared }
      const report: TestReport = (await this.instanceOf(attempt).part?.afterTest?.(ended)) ?? {}
      const left = report.left ?? []
      return { failures: left.map((one) => leftOpen(this.name, test.test, one)), kept: report.kept ?? [] }
    } catch (error) {
      return { failures: [this.#failed('end', error)], kept: [] }
    }
  }

  async #takeClone(attempt: object, label: string, instance: GivenInstance): Promise<void> {
    const call = this.#callOf(instance, () => this.#clones.has(attempt), label)
    const { given: resource, perTest } = this
    // What opening it calls is called before it is there for the attempt.
    const request = { resource, perTest, instance, call: this.#plainCallOf(instance), print: this.#file.print }
    const part = resource.worker === undefined ? undefined : await openPart(request, resource.worker)
    this.#clones.set(attempt, { given: instance, part, handle: createHandle(resource, instance, call, part?.handle) })
  }

  async dropClone(attempt: object): Promise<void> {
    const clone = this.#clones.get(attempt)
    this.#clones.delete(attempt)
    await closePart(clone?.part, { resource: this.given, print: this.#file.print })
  }

  /** What an attempt uses, or the file. @throws HeddleError `HEDDLE_FIXTURE_OUTSIDE` */
  instanceOf(attempt: object | undefined): HandedInstance {
    const isOwn = attempt !== undefined && this.perTest === 'clone'
    const instance = isOwn ? this.#clones.get(attempt) : this.#base
    if (instance === undefined || !this.#file.isOpen()) throw hasEnded(`resource "${this.name}"`, this.#file.file)
    return instance
  }

  /** Variables that an attempt needs besides those of the file: of its own instance, or of one that was made anew. */
  envOf(attempt: object): Readonly<Record<string, string>> {
    const { env } = this.instanceOf(attempt).given
    const old = this.given.instance.env
    return Object.fromEntries(Object.entries(env).filter(([name, value]) => old[name] !== value))
  }

  #failed(doing: string, error: unknown): Error {
    return failedResource({ name: this.name, kind: 'in its worker' }, doing, error)
  }

  #callOf(instance: GivenInstance, isOpen: () => boolean, label: string): CallOf {
    return callWhile(isOpen, this.#plainCallOf(instance), { what: this.name, label })
  }

  #plainCallOf({ number }: GivenInstance): CallOf {
    return (name, ...args) => this.#file.call(number, name, ...args)
  }
}
