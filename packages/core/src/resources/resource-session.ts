import { describeThrown } from '../fixtures/shared/thrown.js'
import type { HeddleError } from '../errors.js'
import { failedResource, hasEnded, invalidResource, leftOpen } from './resource-errors.js'
import type {
  BeginRequest,
  CallRequest,
  EndRequest,
  FileRequest,
  GivenInstance,
  GivenResource,
  PlainRemains,
} from './requests.js'
import type { PerTest, TestReport } from './resource.js'
import type { HostedResource } from './hosted-resource.js'
import type { LiveInstance } from './resource-maker.js'
import type { WorkerSlot } from './worker-slot.js'

/** What a file has of one resource. */
interface ResourceUse {
  readonly resource: HostedResource
  readonly slot: WorkerSlot
  live: LiveInstance
  /** Of attempts that go on, by number. */
  readonly clones: Map<number, LiveInstance>
  /** Whether a test has begun already. */
  hasBegun: boolean
}

/** One test file in the main process: what it has of resources until it is over, or its worker has gone. */
export class ResourceSession {
  readonly #request: FileRequest
  readonly #print: (line: string) => void
  readonly #uses = new Map<string, ResourceUse>()
  readonly #slots: WorkerSlot[] = []
  #isClosed = false

  constructor(request: FileRequest, print: (line: string) => void) {
    this.#request = request
    this.#print = print
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED`, and what making them throws */
  async open(all: readonly HostedResource[]): Promise<readonly GivenResource[]> {
    const used = all.filter((resource) => resource.isUsedBy(this.#request.path))
    const opened = await Promise.allSettled(used.map(async (resource) => this.#open(resource)))
    const failure = opened.find((result) => result.status === 'rejected')
    const given = [...this.#uses.values()].map(({ resource, live }) => resource.givenOf(live))
    const flaw = failure?.reason ?? describeTwins(given) ?? this.#flaw
    if (flaw === undefined) return given
    this.#release()
    throw flaw
  }

  /** Begins to make clones that the file will want. */
  prefetch(names: readonly string[]): void {
    for (const name of names) this.#uses.get(name)?.slot.prefetch()
  }

  /** @throws HeddleError `HEDDLE_RESOURCE_FAILED`, and what making them clean throws */
  async begin({ attempt, modes }: BeginRequest): Promise<Readonly<Record<string, GivenInstance>>> {
    const begun = await Promise.allSettled(
      Object.entries(modes).map(async ([name, mode]) => [name, await this.#begin(this.#useOf(name), mode, attempt)]),
    )
    const failure = begun.find((result) => result.status === 'rejected')
    if (failure !== undefined) {
      this.#dropClones(attempt)
      throw failure.reason
    }
    return Object.fromEntries(begun.map((result) => (result as PromiseFulfilledResult<[string, GivenInstance]>).value))
  }

  /** What an attempt has left; it is destroyed behind, if it had it for itself. */
  async end(request: EndRequest): Promise<PlainRemains> {
    const reports = await Promise.all(request.names.map(async (name) => this.#end(this.#useOf(name), request)))
    this.#dropClones(request.attempt)
    return { failures: reports.flatMap(({ failures }) => failures), kept: reports.flatMap(({ kept }) => kept) }
  }

  /** @throws what the call throws */
  async call({ name, number, call, args }: CallRequest): Promise<unknown> {
    const use = this.#useOf(name)
    const live = [use.live, ...use.clones.values()].find(({ given }) => given.number === number)
    if (live === undefined) throw hasEnded(`${name}.${call}()`, this.#request.file)
    const { calls = {} } = use.resource.definition
    return calls[call]?.(live.instance, ...args)
  }

  /** The file is over, or its worker has gone: what it had is for the next one. Safe to call twice. */
  close(): void {
    this.#isClosed = true
    for (const { resource, clones } of this.#uses.values()) {
      for (const clone of clones.values()) void resource.destroy(clone)
      clones.clear()
    }
    this.#release()
  }

  /** Its worker may have gone meanwhile. */
  get #flaw(): HeddleError | undefined {
    return this.#isClosed ? hasEnded('its resources', this.#request.file) : undefined
  }

  async #open(resource: HostedResource): Promise<void> {
    const slot = resource.claim(this.#request.slot, this)
    this.#slots.push(slot)
    const live = await slot.open(resource.perTest === 'none')
    this.#uses.set(resource.name, { resource, slot, live, clones: new Map(), hasBegun: false })
    if (resource.perTest === 'clone') slot.prefetch()
  }

  async #begin(use: ResourceUse, mode: PerTest, attempt: number): Promise<GivenInstance> {
    if (mode === 'clone') return this.#takeClone(use, attempt)
    const { live, cleaned } = await use.slot.reset()
    if (!use.hasBegun && cleaned.length > 0) this.#print(this.#hintOf(use.resource.name, cleaned))
    use.hasBegun = true
    use.live = live
    return live.given
  }

  async #takeClone({ resource, slot, clones }: ResourceUse, attempt: number): Promise<GivenInstance> {
    const clone = await slot.takeClone()
    if (this.#isClosed) {
      void resource.destroy(clone)
      throw hasEnded('its resources', this.#request.file)
    }
    clones.set(attempt, clone)
    return clone.given
  }

  async #end({ resource, live, clones }: ResourceUse, request: EndRequest): Promise<PlainRemains> {
    const { definition, name } = resource
    const { attempt, shared } = request
    const test = { ...request.test, isShared: shared.includes(name) }
    const { instance } = clones.get(attempt) ?? live
    try {
      const server = await resource.server()
      const report: TestReport = (await definition.afterTest?.(instance, test, server)) ?? {}
      const left = report.left ?? []
      const failures = left.map((one) => describeThrown(leftOpen(name, test.test, one)))
      return { failures, kept: report.kept ?? [] }
    } catch (error) {
      const failure = failedResource({ name, kind: definition.kind }, 'look after', error)
      return { failures: [describeThrown(failure)], kept: [] }
    }
  }

  #dropClones(attempt: number): void {
    for (const { resource, clones } of this.#uses.values()) {
      const clone = clones.get(attempt)
      clones.delete(attempt)
      // Nobody waits for it.
      if (clone !== undefined) void resource.destroy(clone)
    }
  }

  /** Also those that are still being made: whoever has the slot next waits for them. */
  #release(): void {
    for (const slot of this.#slots) if (slot.user === this) slot.user = undefined
  }

  #useOf(name: string): ResourceUse {
    const use = this.#uses.get(name)
    if (use === undefined) throw hasEnded(`resource "${name}"`, this.#request.file)
    return use
  }

  #hintOf(name: string, cleaned: readonly string[]): string {
    const what =
      cleaned.length > 4 ? `${cleaned.slice(0, 4).join(', ')} and ${cleaned.length - 4} more` : cleaned.join(', ')
    return (
      `resource "${name}": what "${this.#request.file}" wrote before its first test, in beforeAll or at its top, was cleaned ` +
      `away (${what}). Write it in beforeEach, or keep it for all tests of the file: resource('${name}', { perTest: 'file' })`
    )
  }
}

/** Two resources that would set one variable to different values. */
function describeTwins(all: readonly GivenResource[]): HeddleError | undefined {
  const first = new Map<string, GivenResource>()
  for (const resource of all) {
    for (const [variable, value] of Object.entries(resource.instance.env)) {
      const other = first.get(variable)
      if (other !== undefined && other.instance.env[variable] !== value)
        return invalidResource(
          `resources "${other.name}" and "${resource.name}" together: both set ${variable}`,
          'let each set a variable of its own.',
        )
      first.set(variable, resource)
    }
  }
  return undefined
}
