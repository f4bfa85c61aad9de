import type { Group, Membership } from './demand.js'

/** What a file or test takes of one group, everything decided. */
export interface GroupClaim extends Pick<Group, 'name' | 'limit' | 'scope'> {
  readonly permits: number | 'all'
}

/** Permits of groups that are held, and a number per group that no other holder has. */
export interface HeldGroups {
  /** The smallest free number, from 1, per group. */
  readonly slots: Readonly<Record<string, number>>
  readonly waitedMs: number
  /** Safe to call twice. @throws HeddleError `HEDDLE_LEASE_LOST` */
  release(): Promise<void>
}

export function claimOfMembership(
  { name, limit, scope }: Group,
  { mode }: Membership,
  weight: number | 'all',
): GroupClaim {
  const isAll = mode === 'exclusive' || weight === 'all' || weight >= limit
  return { name, limit, scope, permits: isAll ? 'all' : weight }
}
