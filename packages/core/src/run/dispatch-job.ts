import { groupClaimsOf } from '../groups/group-claims-of.js'
import type { GroupPlan } from '../groups/group-plan.js'
import type { Job } from '../plan/job.js'
import type { DispatchJob } from './dispatcher.js'

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
