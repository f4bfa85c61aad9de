import {
  isHeddleError,
  isHeldBack,
  isOneAtATime,
  reasonOf,
  type DispatcherSetup,
  type GroupPlan,
  type Session,
} from '@heddle/core'
import type { FixtureSettings } from '@heddle/core/fixtures'
import type { TestSpecification } from 'vitest/node'
import type { Adapter, FoundSpecification } from './adapter.js'
import {
  limitsOf,
  needsOf,
  planEnforcement,
  scheduledFileOf,
  type Enforcement,
  type ScheduledFile,
} from './enforcement.js'
import { hasOwnSlots, hasPoolsApart, isKnownToBePartial, provideTo, runsOutsideOfNode, workersOf } from './host.js'
import { idOf } from './id-of.js'
import { loadLeases } from './load-core.js'
import { Handover } from './pool/handover.js'
import { planTakeover, type Takeover } from './pool/plan-takeover.js'
import { ScheduledFiles } from './pool/scheduled-files.js'
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
   * What is known of all files before they are put in order. Vitest 3 asks for the files of each pool apart; what nobody uses
   * is known only from all of them.
   *
   * @throws HeddleError `HEDDLE_GROUP_UNKNOWN`, `HEDDLE_OPTIONS_INVALID`
   */
  async planGroups(specifications: readonly TestSpecification[]): Promise<GroupPlan> {
    const { vitest, isRerun } = this.#adapter
    const session = await this.#adapter.session()
    const known = await this.#adapter.foundFiles(testFiles([...this.#adapter.specifications, ...specifications]))
    const files = new Map(known.map((file) => [file.key, file]))
    return session.groupPlan([...files.values()], { isPartial: isRerun || isKnownToBePartial(vitest) })
  }

  /** Vitest is about to run these files, in this order. */
  async begin(specifications: readonly TestSpecification[], beginning: Beginning): Promise<void> {
    try {
      await this.#begin(specifications, beginning)
    } catch (error) {
      // Limits that nobody keeps are worse than a run that fails; with no groups, nothing is lost.
      const { options, print } = await this.#adapter.session()
      if (isHeddleError(error) || Object.keys(options.groups).length > 0) throw error
      this.#handover?.end()
      print(`Cannot start files, Vitest does it itself: ${reasonOf(error)}`)
    }
  }

  async #begin(specifications: readonly TestSpecification[], { plan, isOrderOurs }: Beginning): Promise<void> {
    const session = await this.#adapter.session()
    const { vitest } = this.#adapter
    const own = testFiles(specifications)
    const all = testFiles([...this.#adapter.specifications, ...specifications])
    const files = await this.#adapter.foundFiles(own)
    const takeover = planTakeover(vitest, own, session.env)
    // Vitest 3 asks for each pool apart, and runs them beside each other.
    const isApart = hasPoolsApart(vitest, all)
    const together = isApart ? await this.#adapter.foundFiles(all) : files
    const isAlone = ({ project }: TestSpecification): boolean => !isApart && workersOf(vitest, project) === 1
    const enforcement = planEnforcement(vitest, { plan, files: together, takeover, isAlone, env: session.env })
    this.#warn(session, plan, takeover)
    const settings = this.#adapter.beginFixtures(session, enforcement.workers)
    this.#tellWorkers(enforcement, { files: together, takeover, isAlone, settings })
    if (takeover.specifications.length > 0) this.#start(session, enforcement, { files, takeover, isOrderOurs })
  }

  /** The run has ended. */
  end(): void {
    this.#handover?.end()
    this.#files?.close()
  }

  #warn(session: Session, plan: GroupPlan, { obstacles }: Takeover): void {
    const isWanted = plan.groups.size > 0 || isOneAtATime(session.env)
    const lines = [...plan.warnings, ...(isWanted ? obstacles : [])]
    for (const line of lines.filter((one) => !this.#said.has(one))) {
      this.#said.add(line)
      session.print(line)
    }
  }

  #tellWorkers(enforcement: Enforcement, { files, takeover, isAlone, settings }: WaitingRun): void {
    const { vitest, workerRun, specifications } = this.#adapter
    const isOwnSlot = hasOwnSlots(
      vitest,
      testFiles([...specifications, ...files.map(({ specification }) => specification)]),
    )
    const waiting = files.filter(({ specification }) => !takeover.scheduled.has(specification))
    for (const project of new Set(files.map(({ specification }) => specification.project))) {
      if (runsOutsideOfNode(project)) continue
      const own = waiting.filter(({ specification }) => specification.project === project)
      const needs = own.flatMap(({ key, specification }): [string, FileNeeds][] => {
        const one = needsOf(enforcement, key, isAlone(specification))
        return one === undefined ? [] : [[specification.moduleId, one]]
      })
      const { testRules } = enforcement.plan
      provideTo(project, WORKER_RUN, {
        ...workerRun,
        fixtures: settings,
        testRules,
        needs: Object.fromEntries(needs),
        hasOwnSlots: isOwnSlot,
        firstSlot: takeover.specifications.length > 0 ? enforcement.workers + 1 : 1,
      })
    }
  }

  #start(session: Session, enforcement: Enforcement, run: StartingRun): void {
    const { vitest, workerRun } = this.#adapter
    const files = (this.#files ??= new ScheduledFiles(workerRun, (file) => this.#adapter.admit(file)))
    const jobs = this.#jobsOf(session, enforcement, run)
    files.begin(this.#setupOf(session, enforcement), jobs)
    const handover = (this.#handover ??= new Handover(files.pool))
    handover.begin(
      run.takeover,
      jobs.some((job) => isHeldBack(job) || Boolean(job.hints?.length)),
    )
    vitest.onCancel(() => files.pool.cancel())
  }

  #setupOf(session: Session, { plan, workers, widths, isInOrder }: Enforcement): DispatcherSetup {
    const { workerRun } = this.#adapter
    const leases = () => {
      const ours = loadLeases().threadLeases({ root: workerRun.root, runId: workerRun.runId })
      ours.onLongWait = session.print
      return ours
    }
    return {
      workers: isInOrder ? 1 : workers,
      limits: limitsOf(plan, widths),
      leased: plan.leased,
      leases,
      print: session.print,
    }
  }

  #jobsOf(session: Session, enforcement: Enforcement, { files, takeover, isOrderOurs }: StartingRun): ScheduledFile[] {
    const isOrderKept = enforcement.isInOrder || !isOrderOurs
    const { failedFirst } = session.options
    const scheduled = files.filter(({ specification }) => takeover.scheduled.has(specification))
    return session.estimate(scheduled).map((job, i) =>
      scheduledFileOf(enforcement, job, {
        id: idOf(job.specification),
        rank: isOrderKept ? i : failedFirst && job.hasFailed ? 0 : 1,
        width: workersOf(this.#adapter.vitest, job.specification.project),
      }),
    )
  }
}

interface Beginning {
  readonly plan: GroupPlan
  /** Whether the scheduler may start files in any order; otherwise it keeps theirs as far as groups let it. */
  readonly isOrderOurs: boolean
}

interface WaitingRun {
  readonly settings: FixtureSettings
  readonly files: readonly FoundSpecification[]
  readonly takeover: Takeover
  readonly isAlone: (specification: TestSpecification) => boolean
}

interface StartingRun {
  readonly files: readonly FoundSpecification[]
  readonly takeover: Takeover
  readonly isOrderOurs: boolean
}

/** Type tests are no files that anything runs in. */
function testFiles(specifications: readonly TestSpecification[]): TestSpecification[] {
  return specifications.filter(({ pool }) => pool !== 'typescript')
}
