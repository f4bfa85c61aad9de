import { reasonOf } from '../errors.js'
import type { FixtureThread } from '../fixtures/fixture-place.js'
import type { EnvBySlot, ResourceHost, ResourceHostSetup, RunWork } from './resource-host.js'

/** The resources of a run, for its main process. Nothing of them is loaded where there are none. */
export class RunResources {
  readonly #setup: Omit<ResourceHostSetup, 'thread'> & { readonly thread: Pick<FixtureThread, 'print'> }
  readonly #open: () => Promise<ResourceHost>
  #host: Promise<ResourceHost> | undefined
  #listening: Promise<void> | undefined

  constructor(setup: ResourceHostSetup) {
    this.#setup = setup
    this.#open = async () => {
      const { ResourceHost: Host } = await import('./resource-host.js')
      return new Host(setup)
    }
  }

  get isEmpty(): boolean {
    return Object.keys(this.#setup.resources).length === 0
  }

  /** Begins to answer workers; waits for nothing. */
  begin(): void {
    if (!this.isEmpty) this.#listening ??= this.#listen()
  }

  /** See {@link ResourceHost.prepare}. Never fails: whoever uses what could not be made is told why. */
  async prepare(work: RunWork): Promise<EnvBySlot> {
    if (this.isEmpty) return new Map()
    const host = await this.#hostOnce()
    return host.prepare(work)
  }

  /** The run is over: destroys everything. Safe to call twice. @param isEarly whether the process is about to end */
  async close(isEarly: boolean): Promise<void> {
    if (this.#host === undefined) return
    const host = await this.#host
    await this.#listening
    await host.close(isEarly)
  }

  async #listen(): Promise<void> {
    try {
      const host = await this.#hostOnce()
      await host.listen()
    } catch (error) {
      this.#setup.thread.print(`resources cannot be used in this run: ${reasonOf(error)}`)
    }
  }

  #hostOnce(): Promise<ResourceHost> {
    return (this.#host ??= this.#open())
  }
}
