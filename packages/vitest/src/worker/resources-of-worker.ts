import type { ResourceOptions, ResourceRemains, ResourcesOfFile, WorkerResources } from '@heddle/core/fixtures'
import { loadFixtures, loadLeases, loadSlots } from '../load-core.js'
import { tell } from './engine.js'
import { labelOf } from './file-plan.js'
import { currentFile, fullNameOf, hasFailed } from './host.js'
import type { Attempt } from './running-test.js'
import type { WorkerRun } from './worker-run.js'

const NOTHING: ResourceRemains = { failures: [], kept: [] }

/** What the files of a worker have of resources, one after the other. For runs without resources, nothing is loaded. */
export class ResourcesOfWorker {
  readonly #run: () => WorkerRun
  #worker: WorkerResources | undefined
  #file: ResourcesOfFile | undefined

  constructor(run: () => WorkerRun) {
    this.#run = run
  }

  /** Of the config, in its order. */
  get names(): readonly string[] {
    return this.#run().fixtures.resources?.names ?? []
  }

  /** Before the setup files of the user's are imported. @throws HeddleError `HEDDLE_RESOURCE_FAILED` and what making one throws */
  async openFile(): Promise<void> {
    // If nobody has told that the file before is over.
    await this.closeFile()
    const run = this.#run()
    const path = currentFile()
    if (run.fixtures.resources === undefined || path === undefined) return
    const { ResourcesOfFile } = loadFixtures()
    this.#worker ??= openWorker(run)
    this.#file = new ResourcesOfFile(await this.#worker.openFile({ file: labelOf(run, path), path }), [process.env])
  }

  /** See `FileResources` of core. */
  declare(name: string, options: ResourceOptions): void {
    this.#opened(name).declare(name, options)
  }

  /** See `FileResources` of core. */
  handleOf(name: string, attempt: Attempt | undefined): object {
    return this.#opened(name).handleOf(name, attempt)
  }

  /** Before its hooks run. @throws HeddleError `HEDDLE_RESOURCE_INVALID`, `HEDDLE_RESOURCE_FAILED` */
  async beginAttempt(attempt: Attempt): Promise<void> {
    await this.#file?.begin(attempt, fullNameOf(attempt.test))
  }

  /** After its hooks, and after its fixtures were given back. */
  async endAttempt(attempt: Attempt): Promise<ResourceRemains> {
    const { test } = attempt
    if (this.#file === undefined) return NOTHING
    return this.#file.end(attempt, { test: fullNameOf(test), hasFailed: hasFailed(test) })
  }

  /** After its `afterAll`, however it came to its end. */
  async closeFile(): Promise<void> {
    const open = this.#file
    this.#file = undefined
    await open?.close()
  }

  /** The worker ends, or nothing of it is left for the next file. */
  async close(): Promise<void> {
    await this.closeFile()
    const worker = this.#worker
    this.#worker = undefined
    await worker?.close()
  }

  #opened(name: string): ResourcesOfFile {
    if (this.#file !== undefined) return this.#file
    const { HeddleError } = loadLeases()
    throw new HeddleError('HEDDLE_RESOURCE_INVALID', {
      problem: `Cannot use resource "${name}": ${this.names.length === 0 ? 'the config of heddle has no resources' : 'no test file runs now'}`,
      fix: `add \`resources: { ${name}: … }\` to heddle.config.ts, and ask for it in a test file.`,
    })
  }
}

function openWorker({ fixtures }: WorkerRun): WorkerResources {
  const { newWorkerId, WorkerResources } = loadFixtures()
  // Asked once: tests may change the variables.
  const slot = loadSlots().readSlot(process.env) ?? 1
  return new WorkerResources({ settings: fixtures, workerId: newWorkerId(), slot: () => slot, print: tell })
}
