import { monotonicClock } from '../leases/captured.js'
import { groupLeaseName } from '../leases/group-names.js'
import type { LeaseRequestOptions } from '../leases/lease-request.js'
import type { AcquireOptions, Lease, Leases, TryOptions } from '../leases/leases.js'
import type { Group, Membership } from './demand.js'
import { releaseAll, takeSlots, type HeldSlots } from './group-slots.js'

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

/**
 * Waits for permits of groups, in the one order in which everybody takes them, and takes a slot in each. A slot is
 * given back before the permits it goes with, so one up to the limit is always free; who takes all permits has slot 1.
 *
 * @throws HeddleError as {@link Leases.acquire}, with nothing kept
 *
 * @example
 * const held = await acquireGroups(leases, [{ name: 'postgres', limit: 2, scope: 'machine', permits: 1 }])
 * try { connect(`test_${held.slots.postgres}`) } finally { await held.release() }
 */
export async function acquireGroups(
  leases: Leases,
  claims: readonly GroupClaim[],
  options: AcquireOptions = {},
): Promise<HeldGroups> {
  return acquireWithGroups(leases, claims, [], options)
}

/** {@link acquireGroups} together with leases of other names, in one acquisition. */
export async function acquireWithGroups(
  leases: Leases,
  claims: readonly GroupClaim[],
  requests: readonly LeaseRequestOptions[],
  options: AcquireOptions = {},
): Promise<HeldGroups> {
  const startedAt = monotonicClock()
  const all = [...claims.map(requestOf), ...requests]
  if (all.length === 0) return holdGroups(startedAt, [], {})
  const permits = await leases.acquire(all, options)
  const take = async (): Promise<HeldSlots | undefined> =>
    takeSlots(leases, claims, options, async (slot) => leases.acquire(slot, options))
  // Who may wait for a slot gets one.
  return addSlots(startedAt, permits, take) as Promise<HeldGroups>
}

/** Takes permits and slots if that is possible at once, otherwise nothing. @throws HeddleError as {@link acquireGroups} */
export async function tryAcquireGroups(
  leases: Leases,
  claims: readonly GroupClaim[],
  options: Pick<TryOptions, 'label' | 'holder'> = {},
): Promise<HeldGroups | undefined> {
  const startedAt = monotonicClock()
  if (claims.length === 0) return holdGroups(startedAt, [], {})
  const permits = await leases.tryAcquire(claims.map(requestOf), options)
  return permits && addSlots(startedAt, permits, async () => takeSlots(leases, claims, options, async () => undefined))
}

function requestOf({ name, limit, scope, permits }: GroupClaim): LeaseRequestOptions {
  const share = permits === 'all' ? ({ mode: 'exclusive' } as const) : ({ mode: 'shared', permits } as const)
  return { name: groupLeaseName(name), scope, limit, ...share }
}

async function addSlots(
  startedAt: number,
  permits: Lease,
  take: () => Promise<HeldSlots | undefined>,
): Promise<HeldGroups | undefined> {
  try {
    const held = await take()
    if (held !== undefined) return holdGroups(startedAt, [permits, ...held.leases], held.slots)
  } catch (error) {
    await permits.release().catch(() => undefined)
    throw error
  }
  await permits.release()
  return undefined
}

function holdGroups(startedAt: number, leases: readonly Lease[], slots: HeldGroups['slots']): HeldGroups {
  let released: Promise<void> | undefined
  return { slots, waitedMs: monotonicClock() - startedAt, release: () => (released ??= releaseAll(leases)) }
}
