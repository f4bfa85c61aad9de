import { createRequire } from 'node:module'
import type * as core from '@heddle/core/fixtures'
import type { FileFixtures, FileOfFixtures, FixtureThread } from '@heddle/core/fixtures'
import { environmentOf } from './slot-environment.js'

/** What the fixtures of a worker are made of, without what differs from file to file. */
export type WorkerOfFixtures = Pick<FixtureThread, 'settings' | 'slot' | 'leases' | 'print'>

const requireHere = createRequire(__filename)

/** The fixtures of one worker process or thread in one run, for one test file after the other. */
export class FixturesOfWorker {
  readonly #worker: core.WorkerFixtures
  /** The global object of the sandbox in which a file runs. */
  #sandbox: object = globalThis

  constructor(worker: WorkerOfFixtures) {
    const { newWorkerId, WorkerFixtures } = requireHere('@heddle/core/fixtures') as typeof core
    this.#worker = new WorkerFixtures({
      ...worker,
      workerId: newWorkerId(),
      env: () => environmentOf(this.#sandbox) ?? process.env,
      console: () => consoleOf(this.#sandbox),
    })
  }

  /** @param sandbox its global object */
  openFile(file: FileOfFixtures, sandbox: object): FileFixtures {
    this.#sandbox = sandbox
    return this.#worker.openFile(file)
  }

  /** The sandbox of the file is about to go. */
  leaveFile(): void {
    this.#sandbox = globalThis
  }

  async close(): Promise<void> {
    await this.#worker.close()
  }
}

function consoleOf(sandbox: object): Console {
  return (sandbox as { readonly console?: Console }).console ?? console
}
