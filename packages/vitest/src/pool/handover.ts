import { raiseMaxWorkers, redirect } from './host.js'
import type { Takeover } from './plan-takeover.js'
import type { WorkerPool } from './worker-pool.js'

/** How many files Vitest hands out at once, at most: what it costs to hand out one grows with that number. */
const MAX_HANDED_OUT = 1000

/**
 * Has Vitest hand files out to a pool, by what it reads at the moment when it does. As soon as it has, all is as the user
 * has configured it.
 */
export class Handover {
  readonly #pool: WorkerPool
  #undo: (() => void)[] = []

  constructor(pool: WorkerPool) {
    this.#pool = pool
  }

  /**
   * Just before Vitest hands out these files.
   *
   * @param isChosen whether there is more to decide than who is next: then Vitest hands out all of them at once
   */
  begin({ specifications, projects }: Takeover, isChosen: boolean): void {
    this.end()
    const atOnce = Math.min(specifications.length, MAX_HANDED_OUT)
    const raised = isChosen ? projects.map((project) => raiseMaxWorkers(project, atOnce)) : []
    const redirected = specifications.map((one) =>
      redirect(one, (pool, name, options) => {
        this.end()
        return this.#pool.createWorker(pool, name, options)
      }),
    )
    this.#undo = [...raised, ...redirected]
  }

  /** Safe to call at any time. */
  end(): void {
    for (const undo of this.#undo) undo()
    this.#undo = []
  }
}
