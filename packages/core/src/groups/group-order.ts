import { LEASE_SCOPES } from '../leases/scope.js'
import type { Group } from './demand.js'

/**
 * The one order in which everybody takes groups, so that nobody waits for somebody who waits for him: from the narrowest scope
 * to the widest, then by name.
 */
export function compareGroups(a: Pick<Group, 'name' | 'scope'>, b: Pick<Group, 'name' | 'scope'>): number {
  const byScope = LEASE_SCOPES.indexOf(a.scope) - LEASE_SCOPES.indexOf(b.scope)
  if (byScope !== 0) return byScope
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1
}
