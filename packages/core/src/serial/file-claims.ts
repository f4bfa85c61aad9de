import { acquireWithGroups, type GroupClaim, type HeldGroups } from '../groups/group-lease.js'
import { monotonicClock } from '../leases/captured.js'
import type { Leases } from '../leases/leases.js'
import { isHeldBy, type Claim, type JointClaim } from './claim.js'
import { claimWithin } from './claim-within.js'
import { HeldTimes, type HeldTime } from './held-times.js'
import { leaseRequestsOf } from './serial-claim.js'

/** Who holds a claim. */
export interface Claimant {
  /** Unique in the file; stays the same over retries. */
  readonly id: string
  /** Its full name, for people; undefined for the file itself. */
  readonly test: string | undefined
}

/** A claim that has been granted. */
export interface HeldClaim<C extends Claim = Claim> {
  readonly claim: C
  /** How long it took, ms. */
  readonly waitedMs: number
  /** Safe to call twice. @throws HeddleError `HEDDLE_LEASE_LOST` */
  release(): Promise<void>
}

/** The groups of a file as somebody took them for it before it ran. */
export interface FileGroups {
  readonly groups: readonly GroupClaim[]
  /** By name of the group. */
  readonly slots: Readonly<Record<string, number>>
}

interface Holding extends HeldClaim {
  readonly slots: FileGroups['slots']
}

/** What one running test file holds, and how long it has waited for it. */
export class FileClaims {
  readonly #leases: Leases
  readonly #file: string
  readonly #fileGroups: FileGroups
  readonly #held = new Map<string, Holding>()
  readonly #times = new HeldTimes(monotonicClock)
  #waiting = 0
  #waitingSince = 0
  #waitedMs = 0

  /**
   * @param file as people know it
   * @param fileGroups what the file holds already; its tests do not take it again
   */
  constructor(leases: Leases, file: string, fileGroups: FileGroups = { groups: [], slots: {} }) {
    this.#leases = leases
    this.#file = file
    this.#fileGroups = fileGroups
  }

  /** How long something in this file has been waiting, ms; simultaneous waits count once. */
  get waitedMs(): number {
    return this.#waitedMs
  }

  /** How long the file and what is in it have held what they took themselves. */
  get held(): readonly HeldTime[] {
    return this.#times.all
  }

  /** Whether a test, block or the file itself holds the key now; without a key, whether anything does. */
  holds(key?: string): boolean {
    return [...this.#held.values()].some(({ claim }) => isHeldBy(claim, key))
  }

  /**
   * What counts as the holder for a test, for {@link AcquireOptions.holder}: whatever around it holds something.
   *
   * @param outer claims of the blocks and the file around it
   */
  holderOf(id: string, outer: readonly Claim[]): string {
    const around = [...this.#held].find(([, { claim }]) => outer.includes(claim))
    return `${this.#file} ${around === undefined ? id : around[0]}`
  }

  /**
   * The slot that a test has in a group; undefined if it is not in it.
   *
   * @param around claims of the test itself, and of the blocks and the file around it
   */
  groupSlotOf(group: string, around: readonly Claim[]): number | undefined {
    const holdings = [...this.#held.values()].filter(({ claim }) => around.includes(claim))
    return [...holdings, this.#fileGroups].find(({ slots }) => Object.hasOwn(slots, group))?.slots[group]
  }

  /**
   * Waits for a claim: for all of it together, in the order in which everybody takes things.
   *
   * @param outer claims of the blocks and the file around it; what they cover is not taken again
   * @param signal gives the wait up
   * @throws HeddleError `HEDDLE_LEASE_TIMEOUT` and what else {@link Leases.acquire} throws; `HEDDLE_GROUP_ORDER`,
   *   `HEDDLE_SERIAL_INVALID`
   */
  async hold<C extends Claim>(
    claim: C,
    { id, test }: Claimant,
    outer: readonly Claim[] = [],
    signal?: AbortSignal,
  ): Promise<HeldClaim<C>> {
    const rest = claimWithin(claim, [...outer, { groups: this.#fileGroups.groups, serial: undefined }])
    if (rest === undefined) return { claim, waitedMs: 0, release: async () => undefined }
    const { groups, serial } = rest
    const label = { file: this.#file, test }
    const options = { signal, timeoutMs: timeoutOf(rest, test), label, holder: this.holderOf(id, []) }
    const requests = serial === undefined ? [] : leaseRequestsOf(serial)
    const held = await this.#wait(async () => acquireWithGroups(this.#leases, groups, requests, options))
    return this.#keep(id, claim, rest, held)
  }

  /** At the end of the file: whatever is left. @throws HeddleError `HEDDLE_LEASE_LOST` */
  async releaseAll(): Promise<void> {
    for (const held of this.#held.values()) await held.release()
  }

  #keep<C extends Claim>(id: string, claim: C, taken: JointClaim, lease: HeldGroups) {
    const endTime = this.#times.begin(taken)
    const holding = {
      claim,
      waitedMs: lease.waitedMs,
      slots: lease.slots,
      release: async () => {
        if (this.#held.get(id) === holding) this.#held.delete(id)
        endTime()
        return lease.release()
      },
    }
    this.#held.set(id, holding)
    return holding
  }

  async #wait<T>(acquire: () => Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#waitingSince = monotonicClock()
    try {
      return await acquire()
    } finally {
      if (--this.#waiting === 0) this.#waitedMs += monotonicClock() - this.#waitingSince
    }
  }
}

/** A file waits for its groups as it does where the main process takes them: as long as it takes. */
function timeoutOf({ groups, serial }: JointClaim, test: string | undefined): number | undefined {
  return test === undefined && groups.length > 0 ? Infinity : serial?.timeoutMs
}
