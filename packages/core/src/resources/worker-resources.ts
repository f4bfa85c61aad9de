import type { FileResources } from './file-resources.js'
import type { ResourceClient } from './resource-client.js'
import { mainHasGone } from './resource-errors.js'
import type { FileOfResources, ResourceThread } from './resource-thread.js'
import { WorkerParts } from './worker-parts.js'

/**
 * The resources of one worker process or thread: one connection to the main process, for one test file after the other.
 *
 * @example
 * const worker = new WorkerResources(thread)
 * const file = await worker.openFile({ file: 'test/orders.test.ts', path: '/app/test/orders.test.ts' })
 * Object.assign(process.env, file.env)
 * await file.beginTest(attempt, 'creates an order')
 * file.handleOf('main', attempt)
 * await file.endTest(attempt, { test: 'orders.test.ts > creates an order', hasFailed: false })
 * await file.close()
 * await worker.close()
 */
export class WorkerResources {
  readonly #thread: ResourceThread
  readonly #parts = new WorkerParts()
  #client: ResourceClient | undefined
  #file: FileResources | undefined

  constructor(thread: ResourceThread) {
    this.#thread = thread
  }

  /**
   * Before any code of the user's is loaded for the file. Resolves when all that the file uses is there.
   *
   * @throws HeddleError `HEDDLE_RESOURCE_FAILED` and what making it throws
   */
  async openFile(file: FileOfResources): Promise<FileResources> {
    await this.#file?.close()
    this.#file = undefined
    // What is needed for it is loaded now, before tests can replace anything.
    const { FileResources: Files } = await import('./file-resources.js')
    const client = await this.#connect()
    this.#file = await Files.open(file, { thread: this.#thread, client, parts: this.#parts })
    return this.#file
  }

  /** The worker ends, or nothing of it is left for the next file. Safe to call twice. */
  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
    await this.#parts.close(this.#thread.print)
    this.#client?.close()
    this.#client = undefined
  }

  /** A worker may live longer than a run, if the host runs again and again. */
  async #connect(): Promise<ResourceClient> {
    if (this.#client?.isClosed === false) return this.#client
    const { mainPid, resources } = this.#thread.settings
    if (resources === undefined) throw mainHasGone('ask for resources, of which there are none')
    // What they were opened for has gone with its run, and numbers begin again.
    await this.#parts.close(this.#thread.print)
    const { ResourceClient: Client } = await import('./resource-client.js')
    this.#client = await Client.connect({ socket: resources.socket, mainPid })
    return this.#client
  }
}
