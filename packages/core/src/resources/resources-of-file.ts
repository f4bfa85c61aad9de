import { setVariables } from '../fixtures/set-variables.js'
import type { EndedTest } from './resource.js'
import type { FileResources } from './file-resources.js'
import type { ResourceOptions, ResourceRemains } from './resource-thread.js'

interface Attempt {
  /** Resolves when what it has is clean. */
  readonly begun: Promise<void>
  unset: () => void
}

const NOTHING: ResourceRemains = { failures: [], kept: [] }

/** What a test file has of resources, with their variables where its code looks for them, for as long as they count. */
export class ResourcesOfFile {
  readonly #file: FileResources
  readonly #envs: readonly NodeJS.ProcessEnv[]
  readonly #attempts = new Map<object, Attempt>()
  readonly #unset: () => void

  /** @param envs the host's own, which processes inherit that tests start, and that of the sandbox, if there is one */
  constructor(file: FileResources, envs: readonly NodeJS.ProcessEnv[]) {
    this.#file = file
    this.#envs = envs
    this.#unset = setVariables(envs, file.env)
  }

  /** See {@link FileResources.declare}. */
  declare(name: string, options: ResourceOptions): void {
    this.#file.declare(name, options)
  }

  /** See {@link FileResources.handleOf}. */
  handleOf(name: string, attempt: object | undefined): object {
    return this.#file.handleOf(name, attempt)
  }

  /** An attempt of a test begins. Whoever says so again waits for the same. @throws as {@link FileResources.beginTest} */
  async begin(attempt: object, label: string): Promise<void> {
    const known = this.#attempts.get(attempt)
    if (known !== undefined || this.#file.isEmpty) return known?.begun
    const begun = this.#begin(attempt, label)
    this.#attempts.set(attempt, { begun, unset: () => undefined })
    return begun
  }

  /** It has ended; nothing is left of one that never began. Never throws. */
  async end(attempt: object, test: EndedTest): Promise<ResourceRemains> {
    const known = this.#attempts.get(attempt)
    this.#attempts.delete(attempt)
    if (known === undefined) return NOTHING
    known.unset()
    return this.#file.endTest(attempt, test)
  }

  /** The file is over. Safe to call twice. */
  async close(): Promise<void> {
    for (const { unset } of this.#attempts.values()) unset()
    this.#attempts.clear()
    this.#unset()
    await this.#file.close()
  }

  async #begin(attempt: object, label: string): Promise<void> {
    const variables = await this.#file.beginTest(attempt, label)
    const known = this.#attempts.get(attempt)
    // It may be over by now.
    if (known !== undefined) known.unset = setVariables(this.#envs, variables)
  }
}
