import type { Membership } from '../groups/demand.js'
import { groupClaimsOf } from '../groups/group-claims-of.js'
import type { GroupClaim } from '../groups/group-lease.js'
import type { GroupPlan } from '../groups/group-plan.js'
import type { Job } from '../plan/job.js'
import type { SchedulerJob, Start } from '../schedule/scheduler.js'

/** A file as the dispatcher sees it. */
export interface DispatchJob extends SchedulerJob {
  /** As people know it: shown by `heddle locks`. @default the id */
  readonly label?: string | undefined
  /** What it takes of groups that other processes use as well. @default nothing */
  readonly claims?: readonly GroupClaim[] | undefined
  /** What it is scheduled as a member of without being one: its tests will take that for themselves. @default nothing */
  readonly hints?: readonly Membership[] | undefined
}

interface Dispatching {
  /** Unique among all files of the host, also where one runs in several projects. */
  readonly id: string
  readonly plan: Pick<GroupPlan, 'groups' | 'leased' | 'demandOf' | 'hintsOf'>
  /** See {@link DispatchJob}. */
  readonly rank: number
}

/** What the dispatcher needs to know of a planned file. */
export function dispatchJobOf(job: Job, { id, plan, rank }: Dispatching): DispatchJob {
  const { key, expectedMs, isKnown, batch } = job
  const claims = groupClaimsOf(plan, key).filter(({ name }) => plan.leased.has(name))
  return { id, label: key, expectedMs, isKnown, batch, rank, ...plan.demandOf(key), claims, hints: plan.hintsOf(key) }
}

/** As the scheduler sees it: a hint counts like a membership. */
export function schedulerJobOf({ groups = [], hints = [], ...job }: DispatchJob, id: string): SchedulerJob {
  return { ...job, id, groups: hints.length === 0 ? groups : [...groups, ...hints] }
}

/** Its numbers in the groups that it is really in. */
export function slotsOf({ groups = [] }: DispatchJob, { groupSlots }: Start): Readonly<Record<string, number>> {
  return Object.fromEntries(groups.map(({ group }) => [group, groupSlots[group] ?? 1]))
}
