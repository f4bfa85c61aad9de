import net = require('node:net')
import type { Server } from 'node:net'
import { availableParallelism } from 'node:os'
import { once } from 'node:events'
import type { FixtureThread } from '../fixtures/fixture-place.js'
import type { RunDir } from '../fixtures/run-dir.js'
import { RUN_FILES } from '../fixtures/run-files.js'
import { tryUnlink } from '../leases/try-unlink.js'
import { HostedResource } from './hosted-resource.js'
import { LongWork } from './long-work.js'
import { ResourceConnection } from './resource-connection.js'
import { resourceSocketOf } from './resource-socket.js'
import { resourceSurroundings } from './resource-surroundings.js'
import { RESOURCE, type Resource } from './resource.js'

/** How long everything may take to be destroyed at the end, ms. */
const PATIENCE_MS = 30_000

/** Where the process is about to end, ms. */
const DYING_PATIENCE_MS = 3500

/** The main process of a run that has resources. */
export interface ResourceHostSetup {
  readonly thread: FixtureThread
  readonly runDir: RunDir
  readonly resources: Readonly<Record<string, Resource>>
  /** Whether anything has failed in the run. */
  readonly hasFailed: () => boolean
}

/** What will run, as far as it is known. */
export interface RunWork {
  /** How many workers there are at most. */
  readonly workers: number
  /** Test files, absolute. */
  readonly files: readonly string[]
}

/** Variables of the workers, by slot. */
export type EnvBySlot = ReadonlyMap<number, Readonly<Record<string, string>>>

/** The resources of a run in its main process: it makes them, and answers the workers. */
export class ResourceHost {
  readonly #setup: ResourceHostSetup
  readonly #resources: readonly HostedResource[]
  readonly #abort = new AbortController()
  readonly #connections = new Set<ResourceConnection>()
  /** How many workers use each at most, as far as it is known. */
  readonly #slots = new Map<string, number>()
  #server: Server | undefined
  #count = 0
  #closing: Promise<void> | undefined

  constructor(setup: ResourceHostSetup) {
    this.#setup = setup
    const { thread, runDir, hasFailed } = setup
    const { settings, print } = thread
    const run = {
      thread,
      runDir,
      hasFailed,
      longWork: new LongWork(print),
      signal: this.#abort.signal,
      nextNumber: () => ++this.#count,
    }
    this.#resources = Object.entries(setup.resources).map(([name, resource]) => {
      const { root, runId } = settings
      const surroundings = resourceSurroundings({ name, root, runId, env: process.env, print })
      const slots = (): number => this.#slots.get(name) ?? availableParallelism()
      return new HostedResource(surroundings, resource[RESOURCE], { ...run, slots })
    })
  }

  /** Begins to answer. @throws HeddleError `HEDDLE_FIXTURE_FAILED`, and what listening throws */
  async listen(): Promise<void> {
    const { runDir, thread } = this.#setup
    const { path, above } = resourceSocketOf(thread.settings.dir)
    if (above !== undefined) {
      await runDir.open(RUN_FILES.sockets)
      await runDir.open(RUN_FILES.sockets, above)
      tryUnlink(path)
    }
    if (this.#closing !== undefined) return
    const server = net.createServer((socket) => {
      const connection = new ResourceConnection(socket, this.#resources, thread.print)
      this.#connections.add(connection)
      socket.once('close', () => this.#connections.delete(connection))
    })
    this.#server = server
    server.unref()
    await once(server.listen(path), 'listening')
  }

  /**
   * Begins to make what the workers will use, so that it is there when they are.
   *
   * @returns the variables that each will have, of what could be made
   */
  async prepare({ workers, files }: RunWork): Promise<EnvBySlot> {
    const env = new Map<number, Readonly<Record<string, string>>>()
    const all = this.#resources.map(async (resource) => {
      const count = files.filter((file) => resource.isUsedBy(file)).length
      this.#slots.set(resource.name, Math.max(1, Math.min(workers, count)))
      return resource.prepare(Math.min(workers, count))
    })
    for (const made of await Promise.all(all))
      for (const [slot, { given }] of made) env.set(slot, { ...env.get(slot), ...given.env })
    return env
  }

  /** The run is over: destroys everything. Safe to call twice. @param isEarly whether tests still run, and the process ends */
  close(isEarly: boolean): Promise<void> {
    if (isEarly) this.#abort.abort()
    return (this.#closing ??= this.#close(isEarly ? DYING_PATIENCE_MS : PATIENCE_MS))
  }

  async #close(patienceMs: number): Promise<void> {
    for (const connection of this.#connections) connection.close()
    this.#server?.close()
    await Promise.all(this.#resources.map((resource) => resource.close(patienceMs)))
  }
}
