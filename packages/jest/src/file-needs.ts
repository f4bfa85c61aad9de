import { claimOfMembership, permitsOf, type GroupPlan } from '@heddle/core'
import type { GroupClaim } from '@heddle/core/serial'
import type { FileNeeds } from './group-settings.js'

/** Where the workers themselves see to it that not too many run, their slots are permits of this; no group has this name. */
export const WORKER_SLOTS = ''

/** Whether more decides about when a file starts than whether a worker is free. */
export function isHeldBack({ groups, weight }: ReturnType<GroupPlan['demandOf']>): boolean {
  return groups.length > 0 || weight !== 1
}

/**
 * What a file takes.
 *
 * @param workers how many files run at once, if that must be seen to as well
 * @returns undefined if that is nothing
 */
export function needsOf(plan: GroupPlan, key: string, workers?: number): FileNeeds | undefined {
  const { weight } = plan.demandOf(key)
  const groups = groupClaimsOf(plan, key)
  const slots: GroupClaim | undefined =
    workers === undefined
      ? undefined
      : { name: WORKER_SLOTS, limit: workers, scope: 'run', permits: permitsOf(weight, workers) }
  return groups.length === 0 && slots === undefined ? undefined : { groups, workers: slots }
}

function groupClaimsOf(plan: GroupPlan, key: string): GroupClaim[] {
  const { groups, weight } = plan.demandOf(key)
  return groups.flatMap((membership) => {
    const group = plan.groups.get(membership.group)
    return group === undefined ? [] : [claimOfMembership(group, membership, weight)]
  })
}
