import type { ResourceOptions, ResourceRemains, ResourcesOfFile } from '@heddle/core/fixtures'
import { HeddleError } from '@heddle/core/serial'
import type { Attempt } from './attempts.js'
import { fullNameOf } from './circus-tree.js'
import type { CircusTest } from './circus-types.js'

/** Opens what the file uses; undefined where the config has no resources. */
export type OpenResources = (() => Promise<ResourcesOfFile>) | undefined

const NOTHING: ResourceRemains = { failures: [], kept: [] }

/** What the tests of one file have of resources. Where the config has none, nothing is loaded. */
export class ResourcesOfTests {
  readonly #open: OpenResources
  #file: ResourcesOfFile | undefined

  constructor(open: OpenResources) {
    this.#open = open
  }

  /** Whether the file may use one. */
  get isOpen(): boolean {
    return this.#file !== undefined
  }

  /** Before the file is loaded. @throws HeddleError `HEDDLE_RESOURCE_FAILED` and what making one throws */
  async open(): Promise<void> {
    this.#file = await this.#open?.()
  }

  /** See `FileResources` of core. */
  declare(name: string, options: ResourceOptions): void {
    this.#opened(name).declare(name, options)
  }

  /** See `FileResources` of core. */
  handleOf(name: string, attempt: Attempt | undefined): object {
    return this.#opened(name).handleOf(name, attempt)
  }

  /** Before the hooks of the test. @throws HeddleError `HEDDLE_RESOURCE_INVALID`, `HEDDLE_RESOURCE_FAILED` */
  async begin(attempt: Attempt, test: CircusTest): Promise<void> {
    await this.#file?.begin(attempt, fullNameOf(test))
  }

  /** After them, and after its fixtures were given back. */
  async end(attempt: Attempt, test: CircusTest): Promise<ResourceRemains> {
    if (this.#file === undefined) return NOTHING
    return this.#file.end(attempt, { test: fullNameOf(test), hasFailed: test.errors.length > 0 })
  }

  /** The file has ended. */
  async close(): Promise<void> {
    const open = this.#file
    this.#file = undefined
    await open?.close()
  }

  #opened(name: string): ResourcesOfFile {
    if (this.#file !== undefined) return this.#file
    throw new HeddleError('HEDDLE_RESOURCE_INVALID', {
      problem: `Cannot use resource "${name}": ${this.#open === undefined ? 'the config of heddle has no resources' : 'its test file has ended'}`,
      fix: `add \`resources: { ${name}: … }\` to heddle.config.ts, and ask for it while the file runs.`,
    })
  }
}
