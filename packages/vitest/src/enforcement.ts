import { groupClaimsOf, isOneAtATime, NO_DEMAND, WORKERS, workersClaimOf } from '@heddle/core'
import type { GroupClaim, GroupPlan, Membership } from '@heddle/core'
import type { TestSpecification, Vitest } from 'vitest/node'
import type { FoundSpecification } from './adapter.js'
import { workersOf } from './host.js'
import type { Takeover } from './pool/plan-takeover.js'
import type { FileNeeds } from './worker/worker-run.js'

/** How groups are seen to in one run. */
export interface Enforcement {
  readonly plan: GroupPlan
  /** Limits of the stages of the run, as Vitest has them. */
  readonly widths: ReadonlySet<number>
  /** The widest of them. */
  readonly workers: number
  /** Groups for which leases are taken, by whomever. */
  readonly leased: ReadonlySet<string>
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
    plan,
    widths,
    workers,
    leased: isMixed ? new Set(plan.groups.keys()) : plan.leased,
    leasedWorkers: isMixed && (isWeighed || isInOrder) ? (isInOrder ? 1 : workers) : undefined,
    isInOrder,
  }
}

/** Limits of groups, and of projects that have fewer workers than others. */
export function limitsOf(plan: GroupPlan, widths: ReadonlySet<number>): Map<string, number> {
  return new Map([...plan.limits, ...Array.from(widths, (width) => [widthGroup(width), width] as const)])
}

/** Files of a project that has fewer workers than another are scheduled as members of a group of that width. */
export function widthHintOf({ workers }: Enforcement, width: number): Membership[] {
  return width < workers ? [{ group: widthGroup(width), mode: 'shared' }] : []
}

/** What the dispatcher takes for a file, because others who do not ask it want it as well. */
export function leasedClaimsOf(enforcement: Enforcement, key: string): GroupClaim[] {
  const groups = groupClaimsOf(enforcement.plan, key).filter(({ name }) => enforcement.leased.has(name))
  return [...slotsOf(enforcement, key), ...groups]
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
