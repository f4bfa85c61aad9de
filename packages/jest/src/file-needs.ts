import { groupClaimsOf, workersClaimOf, type GroupPlan } from '@heddle/core'
import type { FileNeeds } from './group-settings.js'

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
