import { NO_DEMAND, type Demand, type DispatchJob, type Job, type Session } from '@heddle/core'
import type { TestSpecification } from 'vitest/node'
import type { Adapter, FoundSpecification } from './adapter.js'
import { workersOf } from './host.js'
import { idOf } from './id-of.js'
import { loadLeases } from './load-core.js'
import { Handover } from './pool/handover.js'
import { hasOpenPool } from './pool/host.js'
import { ScheduledFiles } from './pool/scheduled-files.js'

/** Starts the files of one Vitest, run after run, where Vitest lets heddle do that. */
export class Dispatch {
  readonly #adapter: Adapter
  #files: ScheduledFiles | undefined
  #handover: Handover | undefined
  /** How many files run at once in the widest stage. */
  #workers = 1

  constructor(adapter: Adapter) {
    this.#adapter = adapter
  }

  /**
   * Vitest is about to run these files.
   *
   * @param isOrderOurs whether the scheduler may start them in any order; otherwise it keeps theirs as far as groups let it
   */
  async begin(specifications: readonly TestSpecification[], isOrderOurs: boolean): Promise<void> {
    const { vitest } = this.#adapter
    if (!hasOpenPool(vitest) || process.env['HEDDLE_POOL'] === 'host') return
    const session = await this.#adapter.session()
    const files = (this.#files ??= this.#open(session, specifications))
    const takeover = (this.#handover ??= new Handover(files.pool)).begin(specifications)
    const found = await this.#adapter.foundFiles(takeover.specifications)
    files.announce(
      session.estimate(found).map((job, rank) => this.#jobOf(session, job, isOrderOurs ? undefined : rank)),
    )
    vitest.onCancel(() => files.pool.cancel())
  }

  /** The run has ended. */
  end(): void {
    this.#handover?.end()
    this.#files?.close()
  }

  #open(session: Session, specifications: readonly TestSpecification[]): ScheduledFiles {
    const { vitest, workerRun } = this.#adapter
    const widths = specifications.map(({ project }) => workersOf(vitest, project))
    this.#workers = process.env['HEDDLE_ONE_AT_A_TIME'] === '1' ? 1 : Math.max(1, ...widths)
    const limits = new Map([...new Set(widths)].map((width) => [widthGroup(width), width]))
    const leases = () => loadLeases().threadLeases({ root: workerRun.root, runId: workerRun.runId })
    return new ScheduledFiles(workerRun, { workers: this.#workers, limits, leases, print: session.print }, (file) =>
      this.#adapter.admit(file),
    )
  }

  #jobOf(session: Session, job: FoundSpecification & Job, givenRank: number | undefined): DispatchJob {
    const { specification, expectedMs, batch, hasFailed, key } = job
    const width = workersOf(this.#adapter.vitest, specification.project)
    const { groups, weight, priority }: Demand = NO_DEMAND
    return {
      id: idOf(specification),
      label: key,
      expectedMs,
      batch,
      rank: givenRank ?? (session.options.failedFirst && hasFailed ? 0 : 1),
      groups: width < this.#workers ? [...groups, { group: widthGroup(width), mode: 'shared' }] : groups,
      weight,
      priority,
    }
  }
}

/** A project with fewer workers than another has a limit of its own; no group of a user can be called that. */
function widthGroup(width: number): string {
  return `\0${width} workers`
}
