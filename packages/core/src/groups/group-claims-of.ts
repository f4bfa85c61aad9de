import { permitsOf } from './demand.js'
import { claimOfMembership, type GroupClaim } from './group-lease.js'
import type { GroupPlan } from './group-plan.js'

type Plan = Pick<GroupPlan, 'groups' | 'demandOf'>

/** Worker slots as a group, where leases see to it that not too many files run; no group of a user is called nothing. */
export const WORKERS = ''

/** The groups of a file as claims. */
export function groupClaimsOf(plan: Plan, key: string): GroupClaim[] {
  const { groups, weight } = plan.demandOf(key)
  return groups.flatMap((membership) => {
    const group = plan.groups.get(membership.group)
    return group === undefined ? [] : [claimOfMembership(group, membership, weight)]
  })
}

/**
 * The share of a file in the worker slots as a claim.
 *
 * @param workers how many files may run at once
 */
export function workersClaimOf(plan: Plan, key: string, workers: number): GroupClaim {
  const permits = permitsOf(plan.demandOf(key).weight, workers)
  return { name: WORKERS, limit: workers, scope: 'run', permits: permits === workers ? 'all' : permits }
}
