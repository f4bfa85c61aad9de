import { groupClaimsOf, workersClaimOf, type GroupPlan } from '@heddle/core'
import type { FileNeeds } from './group-settings.js'

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
  const groups = groupClaimsOf(plan, key)
  const slots = workers === undefined ? undefined : workersClaimOf(plan, key, workers)
  return groups.length === 0 && slots === undefined ? undefined : { groups, workers: slots }
}
