import { LEASE_SCOPES } from '../leases/scope.js'
import { compareKeys } from '../workspace/job-key.js'
import type { Group } from './demand.js'

/**
 * The one order in which everybody takes groups, so that nobody waits for somebody who waits for him: from the narrowest scope
 * to the widest, then by name.
 */
export function compareGroups(a: Pick<Group, 'name' | 'scope'>, b: Pick<Group, 'name' | 'scope'>): number {
  return LEASE_SCOPES.indexOf(a.scope) - LEASE_SCOPES.indexOf(b.scope) || compareKeys(a.name, b.name)
}
