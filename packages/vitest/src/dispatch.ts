import { isOneAtATime, type GroupPlan, type Session } from '@heddle/core'
import type { TestSpecification } from 'vitest/node'
import type { Adapter, FoundSpecification } from './adapter.js'
import {
  demandOf,
  groupClaimsOf,
  leasedClaimsOf,
  limitsOf,
  needsOf,
  planEnforcement,
  type Enforcement,
} from './enforcement.js'
import { hasOwnSlots, isKnownToBePartial, provideTo, runsOutsideOfNode, workersOf } from './host.js'
import { idOf } from './id-of.js'
import { loadLeases } from './load-core.js'
import { Handover } from './pool/handover.js'
import { planTakeover, type Takeover } from './pool/plan-takeover.js'
import { ScheduledFiles, type ScheduledFile } from './pool/scheduled-files.js'
import { WORKER_RUN, type FileNeeds } from './worker/worker-run.js'

/**
 * Sees to it that files run when they may, run after run: heddle starts them itself where Vitest lets it, elsewhere they
 * wait in their workers.
 */
export class Dispatch {
  readonly #adapter: Adapter
  #files: ScheduledFiles | undefined
  #handover: Handover | undefined
  readonly #said = new Set<string>()

  constructor(adapter: Adapter) {
    this.#adapter = adapter
  }

  /**
   * Vitest is about to run these files, in this order.
   *
   * @param isOrderOurs whether the scheduler may start them in any order; otherwise it keeps theirs as far as groups let it
   * @throws HeddleError `HEDDLE_GROUP_UNKNOWN`, `HEDDLE_OPTIONS_INVALID`
   */
  async begin(specifications: readonly TestSpecification[], isOrderOurs: boolean): Promise<void> {
    const session = await this.#adapter.session()
    const own = specifications.filter(({ pool }) => pool !== 'typescript')
    const files = await this.#adapter.foundFiles(own)
    const plan = await this.#planGroups(session, files)
    const takeover = planTakeover(this.#adapter.vitest, own, session.env)
    const enforcement = planEnforcement(this.#adapter.vitest, { plan, files, takeover, env: session.env })
    this.#warn(session, plan, takeover)
    this.#tellWorkers(enforcement, files, takeover)
    if (takeover.specifications.length > 0) this.#start(session, enforcement, { files, takeover, isOrderOurs })
  }

  /** The run has ended. */
  end(): void {
    this.#handover?.end()
    this.#files?.close()
  }

  /** Vitest 3 asks for the files of each pool apart; what nobody uses is known only from all of them. */
  async #planGroups(session: Session, files: readonly FoundSpecification[]): Promise<GroupPlan> {
    const { vitest, specifications, isRerun } = this.#adapter
    const known = await this.#adapter.foundFiles(specifications.filter(({ pool }) => pool !== 'typescript'))
    const keys = new Map([...known, ...files].map((file) => [file.key, file]))
    return session.groupPlan([...keys.values()], { isPartial: isRerun || isKnownToBePartial(vitest) })
  }

  #warn(session: Session, plan: GroupPlan, { obstacles }: Takeover): void {
    const isWanted = plan.groups.size > 0 || isOneAtATime(session.env)
    const lines = [...plan.warnings, ...(isWanted ? obstacles : [])]
    for (const line of lines.filter((one) => !this.#said.has(one))) {
      this.#said.add(line)
      session.print(line)
    }
  }

  #tellWorkers(enforcement: Enforcement, files: readonly FoundSpecification[], takeover: Takeover): void {
    const { vitest, workerRun, specifications } = this.#adapter
    const isOwnSlot = hasOwnSlots(vitest, [...specifications, ...files.map(({ specification }) => specification)])
    const waiting = files.filter(({ specification }) => !takeover.scheduled.has(specification))
    for (const project of new Set(files.map(({ specification }) => specification.project))) {
      if (runsOutsideOfNode(project)) continue
      const own = waiting.filter(({ specification }) => specification.project === project)
      const needs = own.flatMap(({ key, specification }): [string, FileNeeds][] => {
        const one = needsOf(enforcement, key, workersOf(vitest, project) === 1)
        return one === undefined ? [] : [[specification.moduleId, one]]
      })
      const { testRules } = enforcement.plan
      provideTo(project, WORKER_RUN, {
        ...workerRun,
        testRules,
        needs: Object.fromEntries(needs),
        hasOwnSlots: isOwnSlot,
      })
    }
  }

  #start(session: Session, enforcement: Enforcement, run: StartingRun): void {
    const { vitest } = this.#adapter
    const files = (this.#files ??= this.#open(session, enforcement))
    files.announce(this.#jobsOf(session, enforcement, run))
    const handover = (this.#handover ??= new Handover(files.pool))
    handover.begin(run.takeover)
    vitest.onCancel(() => files.pool.cancel())
  }

  #open(session: Session, { plan, workers, leased, widths, isInOrder }: Enforcement): ScheduledFiles {
    const { workerRun } = this.#adapter
    const leases = () => {
      const ours = loadLeases().threadLeases({ root: workerRun.root, runId: workerRun.runId })
      ours.onLongWait = session.print
      return ours
    }
    const setup = {
      workers: isInOrder ? 1 : workers,
      limits: limitsOf(plan, widths),
      leased,
      leases,
      print: session.print,
    }
    return new ScheduledFiles(workerRun, setup, (file) => this.#adapter.admit(file))
  }

  #jobsOf(session: Session, enforcement: Enforcement, { files, takeover, isOrderOurs }: StartingRun): ScheduledFile[] {
    const isOrderKept = enforcement.isInOrder || !isOrderOurs
    const { failedFirst } = session.options
    const scheduled = files.filter(({ specification }) => takeover.scheduled.has(specification))
    return session.estimate(scheduled).map(({ key, specification, batch, expectedMs, hasFailed }, i) => ({
      id: idOf(specification),
      label: key,
      expectedMs,
      batch,
      rank: isOrderKept ? i : failedFirst && hasFailed ? 0 : 1,
      ...demandOf(enforcement, key, workersOf(this.#adapter.vitest, specification.project)),
      claims: leasedClaimsOf(enforcement, key),
      holds: groupClaimsOf(enforcement, key),
    }))
  }
}

interface StartingRun {
  readonly files: readonly FoundSpecification[]
  readonly takeover: Takeover
  readonly isOrderOurs: boolean
}
