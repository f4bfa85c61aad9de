import type { GroupClaim } from '../groups/group-lease.js'
import { compareGroups } from '../groups/group-order.js'
import { describeGroupName } from '../leases/group-names.js'
import { covers, describeSerial, type SerialClaim } from './serial-claim.js'

/** Groups, and what makes it serial, taken in one go. Plain data. */
export interface JointClaim {
  /** No group twice. */
  readonly groups: readonly GroupClaim[]
  readonly serial: SerialClaim | undefined
}

/** What a test, a block or a file takes for itself; one that is only serial needs no more words. */
export type Claim = SerialClaim | JointClaim

export function serialOf(claim: Claim): SerialClaim | undefined {
  return 'keys' in claim ? claim : claim.serial
}

export function groupsOf(claim: Claim): readonly GroupClaim[] {
  return 'keys' in claim ? [] : claim.groups
}

/**
 * What a block takes: its own claim and the groups of all tests in it, because inside of something that is serial no
 * group can be taken any more. Of a group that several take, as much as the one that takes most.
 *
 * @returns `block` itself if that is all
 */
export function claimOfBlock(block: Claim, tests: readonly Claim[]): Claim {
  const groups = new Map<string, GroupClaim>()
  for (const group of [block, ...tests].flatMap(groupsOf)) {
    const known = groups.get(group.name)
    if (known === undefined || !coversGroup(known, group)) groups.set(group.name, group)
  }
  const all = [...groups.values()].sort(compareGroups)
  return all.every((group) => groupsOf(block).includes(group)) ? block : { groups: all, serial: serialOf(block) }
}

/** Whether who holds `outer` holds `inner`. */
export function coversGroup(outer: GroupClaim, inner: GroupClaim): boolean {
  if (outer.name !== inner.name || outer.scope !== inner.scope) return false
  return outer.permits === 'all' || (inner.permits !== 'all' && inner.permits <= outer.permits)
}

/** Whether who holds `outer` holds all of `inner`. */
export function coversClaim(outer: Claim, inner: Claim): boolean {
  const [held, wanted] = [serialOf(outer), serialOf(inner)]
  const hasGroups = groupsOf(inner).every((group) => groupsOf(outer).some((one) => coversGroup(one, group)))
  return hasGroups && (wanted === undefined || (held !== undefined && covers(held, wanted)))
}

/** Whether it takes more than any one member has to. */
export function isExclusive({ permits, limit }: GroupClaim): boolean {
  return permits === 'all' && limit > 1
}

/** Whether who has the claim has the key; without a key, whether it has any. Alone among all is alone under every key. */
export function isHeldBy(claim: Claim, key: string | undefined): boolean {
  const serial = serialOf(claim)
  if (serial === undefined || key === undefined) return serial !== undefined
  return serial.keys.includes(key) || (serial.keys.length === 0 && serial.mode === 'exclusive')
}

/** `group "postgres", "ledger"`, `group "redis" (exclusive)`, `the lock of all serial tests` */
export function describeClaim(claim: Claim): string {
  const serial = serialOf(claim)
  return [...groupsOf(claim).map(describeGroup), ...(serial === undefined ? [] : [describeSerial(serial)])].join(', ')
}

export function describeGroup(group: GroupClaim): string {
  const name = describeGroupName(group.name)
  if (isExclusive(group)) return `${name} (exclusive)`
  return typeof group.permits === 'number' && group.permits > 1 ? `${name} (${group.permits} permits)` : name
}
