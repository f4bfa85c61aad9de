import { LEASE_SCOPES } from '../leases/scope.js'
import { compareKeys } from '../workspace/job-key.js'
import type { Group, Membership } from './demand.js'

/**
 * The one order in which everybody takes groups, so that nobody waits for somebody who waits for him: from the narrowest
 * scope to the widest, then by name.
 */
export function compareGroups(a: Pick<Group, 'name' | 'scope'>, b: Pick<Group, 'name' | 'scope'>): number {
  return LEASE_SCOPES.indexOf(a.scope) - LEASE_SCOPES.indexOf(b.scope) || compareKeys(a.name, b.name)
}

/** Memberships in that order, each group once: who is to be alone in it is alone, whatever else is said. */
export function mergeMemberships(memberships: readonly Membership[], groups: ReadonlyMap<string, Group>): Membership[] {
  const merged = new Map<string, Membership>()
  for (const { group, mode } of memberships) {
    const isExclusive = mode === 'exclusive' || merged.get(group)?.mode === 'exclusive'
    merged.set(group, { group, mode: isExclusive ? 'exclusive' : 'shared' })
  }
  const groupOf = (name: string): Pick<Group, 'name' | 'scope'> => groups.get(name) ?? { name, scope: 'run' }
  return [...merged.values()].sort((a, b) => compareGroups(groupOf(a.group), groupOf(b.group)))
}
