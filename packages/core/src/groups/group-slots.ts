import { startTimer } from '../leases/captured.js'
import { groupSlotName } from '../leases/group-names.js'
import type { LeaseRequestOptions } from '../leases/lease-request.js'
import type { AcquireOptions, Lease, Leases } from '../leases/leases.js'
import type { GroupClaim } from './group-lease.js'

/** One number per group, exclusive until it is given back. */
export interface HeldSlots {
  readonly slots: Readonly<Record<string, number>>
  /** All leases of it, in the order in which they were taken. */
  readonly leases: readonly Lease[]
}

interface HeldSlot {
  readonly group: string
  readonly slot: number
  readonly lease: Lease
}

/** How often it looks through all slots before it waits for one, and how long it rests after each time, ms. */
const ROUNDS = 20
const REST_MS = 2

/** What to do where, against all expectation, no slot is free. */
type TakeAnyway = (request: LeaseRequestOptions) => Promise<Lease | undefined>

/**
 * Takes the smallest free slot of each group whose permits are held. There is one: no more holders than permits, and
 * everybody gives the slot back before the permits.
 *
 * Only where somebody broke the lock of a group whose holder still lives, its slot is taken without a permit.
 *
 * @param takeAnyway a slot in that case
 * @returns undefined, with nothing kept, if there is none
 */
export async function takeSlots(
  leases: Leases,
  claims: readonly GroupClaim[],
  options: AcquireOptions,
  takeAnyway: TakeAnyway,
): Promise<HeldSlots | undefined> {
  const taken: HeldSlot[] = []
  try {
    for (const claim of claims) {
      const held = (await takeFreeSlot(leases, claim, options)) ?? (await takeFirstSlot(claim, takeAnyway))
      if (held === undefined) break
      taken.push(held)
    }
  } catch (error) {
    await releaseAll(taken.map(({ lease }) => lease)).catch(() => undefined)
    throw error
  }
  const held = { leases: taken.map(({ lease }) => lease), slots: slotsOf(taken) }
  if (taken.length === claims.length) return held
  await releaseAll(held.leases)
  return undefined
}

function slotsOf(taken: readonly HeldSlot[]): HeldSlots['slots'] {
  return Object.fromEntries(taken.map(({ group, slot }) => [group, slot]))
}

/** In reverse order; all of them, whatever happens to one. @throws the first that went wrong */
export async function releaseAll(leases: readonly Lease[]): Promise<void> {
  const failures: unknown[] = []
  for (const lease of leases.toReversed()) await lease.release().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function takeFreeSlot(leases: Leases, claim: GroupClaim, options: AcquireOptions): Promise<HeldSlot | undefined> {
  for (let round = 0; round < ROUNDS; round++) {
    if (options.signal?.aborted === true) throw options.signal.reason
    const found = await findSlot(leases, claim, options)
    if (found !== undefined) return found
    // Two that try one slot at a moment can each take it for the other's.
    await new Promise((resolve) => startTimer(() => resolve(undefined), REST_MS))
  }
  return undefined
}

async function takeFirstSlot(claim: GroupClaim, takeAnyway: TakeAnyway): Promise<HeldSlot | undefined> {
  const lease = await takeAnyway(requestOf(claim, 1))
  return lease && { group: claim.name, slot: 1, lease }
}

async function findSlot(
  leases: Leases,
  claim: GroupClaim,
  { label, holder }: AcquireOptions,
): Promise<HeldSlot | undefined> {
  const count = claim.permits === 'all' ? 1 : claim.limit
  for (let slot = 1; slot <= count; slot++) {
    const lease = await leases.tryAcquire(requestOf(claim, slot), { label, holder })
    if (lease !== undefined) return { group: claim.name, slot, lease }
  }
  return undefined
}

function requestOf({ name, scope }: GroupClaim, slot: number): LeaseRequestOptions {
  return { name: groupSlotName(name, slot), scope }
}
