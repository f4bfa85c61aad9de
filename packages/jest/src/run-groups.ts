import { createRequire } from 'node:module'
import {
  dispatchJobOf,
  Dispatcher,
  isHeldBack,
  isOneAtATime,
  scheduledDemandOf,
  type DispatcherSetup,
  type DispatchJob,
  type GroupPlan,
  type Job,
  type Session,
} from '@heddle/core'
import type * as leases from '@heddle/core/leases'
import { needsOf } from './file-needs.js'
import { FirstAdmitted } from './first-admitted.js'
import type { FoundTest } from './found-tests.js'
import { fileIdOf, writeGroupSettings, writeGroupSlots, type FileNeeds } from './group-settings.js'
import { OneByOne } from './one-by-one.js'
import { Placeholders } from './placeholders.js'
import { processState } from './process-state.js'
import { createSettingsDir, removeSettingsDir } from './settings-dir.js'
import type { Turn } from './turns.js'

/** How a runner runs its files. */
export interface Width {
  readonly workers: number
  readonly inBand: boolean
}

/** What a run knows of its files. */
export interface RunFacts {
  readonly session: Session
  readonly runId: string
  readonly plan: GroupPlan
  /** By key, later than this; empty if the host orders the files. */
  readonly jobs: ReadonlyMap<string, Job>
}

const requireHere = createRequire(__filename)

/** Groups in one run: who sees to it that no limit is exceeded, and what workers are told. */
export class RunGroups {
  /** Where workers find what they are told; undefined if that is nothing. */
  readonly dir: string | undefined
  readonly #files: readonly FoundTest[]
  readonly #facts: RunFacts

  constructor(files: readonly FoundTest[], facts: RunFacts) {
    this.#files = files
    this.#facts = facts
    const { plan } = facts
    // Also if nobody is in a group: a file may name one while it runs.
    const isTold = plan.groups.size > 0 || files.some(({ key }) => isHeldBack(plan.demandOf(key)))
    if (isTold) this.dir = createSettingsDir()
    this.tellWorkers()
  }

  get plan(): GroupPlan {
    return this.#facts.plan
  }

  /**
   * Whatever a worker finds here it takes itself, unless the main process has taken it for the file.
   *
   * @param workers how many files run at once, if the workers must see to that, too
   */
  tellWorkers(workers?: number): void {
    if (this.dir === undefined) return
    const { plan } = this.#facts
    const isWeighed = workers !== undefined && this.#files.some(({ key }) => plan.demandOf(key).weight !== 1)
    const needs = this.#files.flatMap(({ key, test }): [string, FileNeeds][] => {
      const one = needsOf(plan, key, isWeighed ? workers : undefined)
      return one === undefined ? [] : [[fileIdOf(test.context, test.path), one]]
    })
    writeGroupSettings(this.dir, { testRules: plan.testRules, files: Object.fromEntries(needs) })
  }

  /** Says what is probably not meant so, once per process: watch mode runs again and again. */
  warn(): void {
    const { session, plan } = this.#facts
    const { warned } = processState()
    for (const line of plan.warnings) {
      if (!warned.has(line)) session.print(line)
      warned.add(line)
    }
  }

  /** @returns undefined if every file may start as soon as a worker is free */
  placeholdersFor(files: readonly FoundTest[], width: Width): Placeholders | undefined {
    const { session, plan } = this.#facts
    const isInOrder = width.inBand || isOneAtATime(session.env)
    if (!isOneAtATime(session.env) && !files.some(({ key }) => isHeldBack(scheduledDemandOf(plan, key))))
      return undefined
    const leased = width.inBand ? this.#wideGroups() : plan.leased
    const planned = files.map(({ key, test }, i) => ({ test, job: this.#dispatchJob(key, i, leased) }))
    const dispatcher = new Dispatcher(this.#dispatcherSetup(isInOrder ? 1 : width.workers, leased))
    const turns = isInOrder ? new OneByOne(planned, dispatcher) : new FirstAdmitted(planned, dispatcher)
    return new Placeholders(
      files.map(({ test }) => test),
      turns,
      { onTurn: (turn) => this.#tellOfTurn(turn), onBypass: () => this.#leaveToWorkers(width.workers) },
    )
  }

  /** The run is over. */
  end(): void {
    if (this.dir !== undefined) removeSettingsDir(this.dir)
  }

  #dispatchJob(key: string, i: number, leased: ReadonlySet<string>): DispatchJob {
    const { jobs, session, plan } = this.#facts
    const job = jobs.get(key)
    const rank = session.options.failedFirst && job?.hasFailed ? 0 : 1
    return dispatchJobOf(job ?? unplanned(key), {
      id: String(i),
      plan: { ...plan, leased },
      // The order of the host is kept as far as groups allow.
      rank: job === undefined ? i : rank,
    })
  }

  /** Nobody else in this run wants anything at the same time. */
  #wideGroups(): ReadonlySet<string> {
    const { plan } = this.#facts
    return new Set([...plan.leased].filter((name) => plan.groups.get(name)?.scope !== 'run'))
  }

  #dispatcherSetup(workers: number, leased: ReadonlySet<string>): DispatcherSetup {
    const { session, plan } = this.#facts
    return { workers, limits: plan.limits, leased, leases: () => this.#leases(), print: session.print }
  }

  #leases(): leases.Leases {
    const { session, runId } = this.#facts
    const { threadLeases } = requireHere('@heddle/core/leases') as typeof leases
    const ours = threadLeases({ root: session.workspace, runId })
    ours.onLongWait = session.print
    return ours
  }

  #tellOfTurn({ test, admission }: Turn): void {
    if (this.dir === undefined || admission === undefined) return
    writeGroupSlots(this.dir, fileIdOf(test.context, test.path), admission.groupSlots)
  }

  #leaveToWorkers(workers: number): void {
    this.tellWorkers(workers)
    this.#facts.session.print(
      'this version of Jest starts files without waiting for heddle: groups are enforced in the workers, which wait for them. Please report it, with the version.',
    )
  }
}

/** A file of which only the place in the host's order is known. */
function unplanned(key: string): Job {
  return { key, expectedMs: 1, isKnown: false, hasFailed: false, stage: 0, batch: undefined }
}
