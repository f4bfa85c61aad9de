import type { TestProject } from 'vitest/node'
import type { PoolName, PoolOptions } from './host.js'

/**
 * Tells which files can run in one worker, one after the other: those of one project, pool and environment, as Vitest
 * has it.
 */
export class WorkerKinds {
  readonly #projects = new WeakMap<TestProject, number>()
  #count = 0

  of(pool: PoolName, { project, environment }: PoolOptions): string {
    const known = this.#projects.get(project)
    const id = known ?? ++this.#count
    if (known === undefined) this.#projects.set(project, id)
    return JSON.stringify([id, pool, environment.name, environment.options])
  }
}
