import { dispatchJobOf, groupClaimsOf, isOneAtATime, NO_DEMAND, WORKERS, workersClaimOf } from '@heddle/core'
import type { DispatchJob, GroupClaim, GroupPlan, Job } from '@heddle/core'
import type { TestSpecification, Vitest } from 'vitest/node'
import type { FoundSpecification } from './adapter.js'
import { workersOf } from './host.js'
import type { Takeover } from './pool/plan-takeover.js'
import type { FileNeeds } from './worker/worker-run.js'

/** How groups are seen to in one run. */
export interface Enforcement {
  /** Its leased groups are those for which leases are taken, by whomever. */
  readonly plan: GroupPlan
  /** Limits of the stages of the run, as Vitest has them. */
  readonly widths: ReadonlySet<number>
  /** The widest of them. */
  readonly workers: number
  /** How many files may run at once where that takes a lease as well; undefined where nobody has to see to it. */
  readonly leasedWorkers: number | undefined
  /** Whether files run one by one, in their order. */
  readonly isInOrder: boolean
}

interface RunFacts {
  readonly plan: GroupPlan
  /** All that may run at the same time. */
  readonly files: readonly FoundSpecification[]
  /** Whether no other file runs beside one. */
  readonly isAlone: (specification: TestSpecification) => boolean
  readonly takeover: Takeover
  readonly env: NodeJS.ProcessEnv
}

/** Plans how groups are seen to: by leases as far as somebody takes part who does not ask the dispatcher. */
export function planEnforcement(vitest: Vitest, { plan, files, takeover, isAlone, env }: RunFacts): Enforcement {
  const widths = new Set(files.map(({ specification }) => workersOf(vitest, specification.project)))
  const workers = Math.max(1, ...widths)
  const isInOrder = isOneAtATime(env)
  const waitThemselves = files.filter(
    ({ specification }) => !takeover.scheduled.has(specification) && !isAlone(specification),
  )
  const isMixed = waitThemselves.length > 0
  const isWeighed = files.some(({ key }) => plan.demandOf(key).weight !== NO_DEMAND.weight)
  return {
    plan: isMixed ? { ...plan, leased: new Set(plan.groups.keys()) } : plan,
    widths,
    workers,
    leasedWorkers: isMixed && (isWeighed || isInOrder) ? (isInOrder ? 1 : workers) : undefined,
    isInOrder,
  }
}

/** Limits of groups, and of projects that have fewer workers than others. */
export function limitsOf(plan: GroupPlan, widths: ReadonlySet<number>): Map<string, number> {
  return new Map([...plan.limits, ...Array.from(widths, (width) => [widthGroup(width), width] as const)])
}

/** A file as it is to be scheduled. */
export interface ScheduledFile extends DispatchJob {
  /** Everything that it holds while it runs. */
  readonly holds: readonly GroupClaim[]
}

interface Scheduling {
  readonly id: string
  /** See {@link DispatchJob}. */
  readonly rank: number
  /** How many workers its project has; one that has fewer than another is a group of that width. */
  readonly width: number
}

/** What the dispatcher decides by, and what it takes because others who do not ask it want it as well. */
export function scheduledFileOf(enforcement: Enforcement, job: Job, { id, rank, width }: Scheduling): ScheduledFile {
  const { plan, workers } = enforcement
  const { claims = [], hints = [], ...rest } = dispatchJobOf(job, { id, plan, rank })
  return {
    ...rest,
    hints: width < workers ? [...hints, { group: widthGroup(width), mode: 'shared' }] : hints,
    claims: [...slotsOf(enforcement, job.key), ...claims],
    holds: groupClaimsOf(plan, job.key),
  }
}

/**
 * What a file takes in its worker, where no dispatcher does that for it.
 *
 * @param isAlone whether no other file of this run runs meanwhile
 */
export function needsOf(enforcement: Enforcement, key: string, isAlone: boolean): FileNeeds | undefined {
  const groups = groupClaimsOf(enforcement.plan, key)
  const isFree = ({ scope }: GroupClaim): boolean => isAlone && scope === 'run'
  const claims = [...(isAlone ? [] : slotsOf(enforcement, key)), ...groups.filter((claim) => !isFree(claim))]
  const free = groups.filter(isFree)
  return claims.length + free.length === 0 ? undefined : { claims, free }
}

/** Of all slots, only those of the user's groups. */
export function userSlotsOf(slots: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(slots).filter(([name]) => name !== WORKERS))
}

function widthGroup(width: number): string {
  return `\0${width} workers`
}

function slotsOf({ plan, leasedWorkers }: Enforcement, key: string): GroupClaim[] {
  return leasedWorkers === undefined ? [] : [workersClaimOf(plan, key, leasedWorkers)]
}
