import type { Group, Membership } from './demand.js'
import { compareGroups } from './group-order.js'

/** Memberships in the order of {@link compareGroups}, each group once: who is to be alone in it is alone, whatever else is said. */
export function mergeMemberships(memberships: readonly Membership[], groups: ReadonlyMap<string, Group>): Membership[] {
  const merged = new Map<string, Membership>()
  for (const { group, mode } of memberships) {
    const isExclusive = mode === 'exclusive' || merged.get(group)?.mode === 'exclusive'
    merged.set(group, { group, mode: isExclusive ? 'exclusive' : 'shared' })
  }
  const groupOf = (name: string): Pick<Group, 'name' | 'scope'> => groups.get(name) ?? { name, scope: 'run' }
  return [...merged.values()].sort((a, b) => compareGroups(groupOf(a.group), groupOf(b.group)))
}
