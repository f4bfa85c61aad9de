import type { ExpectedHold } from '../history/expected-holds.js'
import { groupOfLease } from '../leases/group-names.js'
import type { Demand, Membership } from './demand.js'
import type { GroupPlan } from './group-plan.js'
import { mergeMemberships } from './merge-memberships.js'

type Holds = ReadonlyMap<string, readonly ExpectedHold[]>

/**
 * The plan, in which files whose tests hold something for most of the time are scheduled as its members. Nothing is taken
 * for them: their tests do that themselves, and would otherwise wait in a worker.
 *
 * @param keys of the files of this run
 */
export function withHints(plan: GroupPlan, holds: Holds, keys: readonly string[]): GroupPlan {
  if (holds.size === 0) return plan
  const limits = new Map(plan.limits)
  const hints = new Map<string, Membership[]>()
  for (const key of keys) {
    const own = hintsFor(holds.get(key) ?? [], plan, key)
    if (own.length > 0) hints.set(key, own)
    // Any number of tests may share a key.
    for (const { group } of own) if (!limits.has(group)) limits.set(group, Infinity)
  }
  return hints.size === 0 ? plan : { ...plan, limits, hintsOf: (key) => hints.get(key) ?? [] }
}

/** Without groups that it is in anyway, and those that are not declared any more. */
function hintsFor(held: readonly ExpectedHold[], plan: GroupPlan, key: string): Membership[] {
  const known = new Set(plan.demandOf(key).groups.map(({ group }) => group))
  const hints = held.flatMap(({ name, mode }): Membership[] => {
    const declared = groupOfLease(name)
    const isHint = declared === undefined || (plan.groups.has(declared) && !known.has(declared))
    return isHint ? [{ group: declared ?? nameOfKey(name), mode }] : []
  })
  // What is held while its holder waits for something else counts more than the file's own time: both modes may.
  return mergeMemberships(hints, plan.groups)
}

/** What the scheduler goes by. */
export function scheduledDemandOf(plan: GroupPlan, key: string): Demand {
  const demand = plan.demandOf(key)
  const hints = plan.hintsOf(key)
  return hints.length === 0 ? demand : { ...demand, groups: [...demand.groups, ...hints] }
}

/** Keys of serial tests are scheduled like groups. */
function nameOfKey(key: string): string {
  return key === '' ? 'all serial tests' : `serial ${JSON.stringify(key)}`
}
