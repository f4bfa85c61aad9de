import { reasonOf } from '../errors.js'
import { restoreThrown } from '../fixtures/shared/thrown.js'
import { refuseOptions, unusedName } from './declared-options.js'
import { OpenedResource, type FileOfResource } from './opened-resource.js'
import type { ResourceClient } from './resource-client.js'
import { hasEnded, overlapping } from './resource-errors.js'
import type { GivenResource } from './requests.js'
import type { EndedTest } from './resource.js'
import type { FileOfResources, ResourceOptions, ResourceRemains, ResourceThread } from './resource-thread.js'
import type { WorkerParts } from './worker-parts.js'

/** What a test file has of its worker. */
export interface WorkerOfResources {
  readonly thread: ResourceThread
  readonly client: ResourceClient
  readonly parts: WorkerParts
}

/** What one test file has of resources. */
export class FileResources {
  readonly #file: string
  readonly #worker: WorkerOfResources
  /** By name, those that it uses. */
  readonly #resources = new Map<string, OpenedResource>()
  /** Those that go on, with their numbers. */
  readonly #attempts = new Map<object, number>()
  #count = 0
  #closing: Promise<void> | undefined

  private constructor({ file }: FileOfResources, worker: WorkerOfResources) {
    this.#file = file
    this.#worker = worker
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED`, and what making the resources throws */
  static async open(file: FileOfResources, worker: WorkerOfResources): Promise<FileResources> {
    const request = { file: file.file, path: file.path, slot: worker.thread.slot() }
    const given = await worker.client.ask('open', request, `make what "${file.file}" uses of resources`)
    const opened = new FileResources(file, worker)
    try {
      await opened.#take(given)
    } catch (error) {
      await opened.close()
      throw error
    }
    return opened
  }

  /** To be set before the user's code is loaded. Empty if the file uses none. */
  get env(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.#all.map(({ given }) => given.instance.env)) as Record<string, string>
  }

  get isEmpty(): boolean {
    return this.#resources.size === 0
  }

  /** `resource(name, options)` is called at the top of the file. @throws HeddleError `HEDDLE_RESOURCE_INVALID` */
  declare(name: string, options: ResourceOptions): void {
    const resource = this.#resourceOf(name)
    refuseOptions(resource.given, options)
    resource.perTest = options.perTest ?? resource.perTest
    // It is only a hint: whoever needs one and finds none waits for it.
    if (options.perTest === 'clone')
      this.#worker.client.ask('prefetch', [name], 'prepare clones').catch(() => undefined)
  }

  /**
   * What tests see of it.
   *
   * @param attempt the one in which somebody asks; undefined at file level
   * @throws HeddleError `HEDDLE_RESOURCE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`
   */
  handleOf(name: string, attempt: object | undefined): object {
    return this.#resourceOf(name).instanceOf(attempt).handle
  }

  /**
   * An attempt begins, before its `beforeEach`: everything is made clean.
   *
   * @returns variables to be set for this attempt (`clone`, or if something had to be made anew), none where several tests
   *   run at once
   * @throws HeddleError `HEDDLE_RESOURCE_INVALID` if another attempt goes on beside it and something is reset in place,
   *   `HEDDLE_RESOURCE_FAILED`
   */
  async beginTest(attempt: object, label: string): Promise<Readonly<Record<string, string>>> {
    if (this.isEmpty) return {}
    if (this.#isClosed) throw hasEnded('its resources', this.#file)
    const inPlace = this.#all.filter(({ isInPlace }) => isInPlace).map(({ name }) => name)
    if (this.#attempts.size > 0 && inPlace.length > 0) throw overlapping(inPlace, label)
    const number = ++this.#count
    this.#attempts.set(attempt, number)
    try {
      await this.#makeClean(attempt, number, label)
    } catch (error) {
      await this.#forget(attempt)
      throw error
    }
    if (this.#attempts.size > 1) return {}
    return Object.assign({}, ...this.#all.map((resource) => resource.envOf(attempt))) as Record<string, string>
  }

  /** It has ended: after its `afterEach`, and after its fixtures were given back. Never throws. */
  async endTest(attempt: object, test: EndedTest): Promise<ResourceRemains> {
    const number = this.#attempts.get(attempt)
    if (number === undefined) return { failures: [], kept: [] }
    const failures: Error[] = []
    const kept: string[] = []
    for (const resource of this.#all) addReport({ failures, kept }, await resource.end(attempt, test))
    try {
      const lookedAfter = this.#all.filter(({ isLookedAfter }) => isLookedAfter)
      if (lookedAfter.length > 0) {
        const shared = lookedAfter.filter(({ isShared }) => isShared).map(({ name }) => name)
        const body = { attempt: number, test, names: lookedAfter.map(({ name }) => name), shared }
        const remains = await this.#worker.client.ask('end', body, `look what "${test.test}" left`)
        addReport({ failures, kept }, { failures: remains.failures.map(restoreThrown), kept: remains.kept })
      }
    } catch (error) {
      failures.push(error as Error)
    }
    await this.#forget(attempt)
    return { failures, kept }
  }

  /** The file is over: after its `afterAll`. Safe to call twice. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    for (const attempt of this.#attempts.keys()) await this.#forget(attempt)
    try {
      await this.#worker.client.ask('close', undefined, `end "${this.#file}"`)
    } catch (error) {
      if (!this.#worker.client.isClosed) this.#worker.thread.print(reasonOf(error))
    }
  }

  get #isClosed(): boolean {
    return this.#closing !== undefined
  }

  get #all(): readonly OpenedResource[] {
    return [...this.#resources.values()]
  }

  async #take(all: readonly GivenResource[]): Promise<void> {
    for (const given of all) {
      const { thread, parts } = this.#worker
      const call: FileOfResource['call'] = (number, name, ...args) => this.#call(given.name, number, name, args)
      const isOpen = (): boolean => !this.#isClosed
      const resource = new OpenedResource(given, { file: this.#file, isOpen, parts, print: thread.print, call })
      await resource.takeBase(given.instance)
      this.#resources.set(given.name, resource)
    }
  }

  #resourceOf(name: string): OpenedResource {
    const resource = this.#resources.get(name)
    if (resource !== undefined) return resource
    throw unusedName(name, this.#worker.thread.settings.resources?.names ?? [], this.#file)
  }

  #call(name: string, number: number, call: string, args: readonly unknown[]): Promise<unknown> {
    return this.#worker.client.ask('call', { name, number, call, args }, `call ${name}.${call}()`)
  }

  async #makeClean(attempt: object, number: number, label: string): Promise<void> {
    const cleaned = this.#all.filter(({ isMadeClean }) => isMadeClean)
    const modes = Object.fromEntries(cleaned.map(({ name, perTest }) => [name, perTest]))
    const doing = `make resources clean for "${label}"`
    const body = { attempt: number, modes }
    const given = cleaned.length === 0 ? {} : await this.#worker.client.ask('begin', body, doing)
    for (const resource of this.#all) {
      await resource.take({ attempt, label, instance: given[resource.name] })
      await resource.begin(attempt)
    }
  }

  async #forget(attempt: object): Promise<void> {
    for (const resource of this.#all) await resource.dropClone(attempt)
    this.#attempts.delete(attempt)
  }
}

function addReport(to: { failures: Error[]; kept: string[] }, { failures, kept }: ResourceRemains): void {
  to.failures.push(...failures)
  to.kept.push(...kept)
}
