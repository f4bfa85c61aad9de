import { monotonicClock } from '../leases/captured.js'
import type { Lease, Leases } from '../leases/leases.js'
import { claimWithin, isHeldBy, leaseRequestsOf, type SerialClaim } from './serial-claim.js'

/** Who holds a claim. */
export interface Claimant {
  /** Unique in the file; stays the same over retries. */
  readonly id: string
  /** Its full name, for people; undefined for the file itself. */
  readonly test: string | undefined
}

/** A claim that has been granted. */
export interface HeldClaim {
  readonly claim: SerialClaim
  /** How long it took, ms. */
  readonly waitedMs: number
  /** Safe to call twice. @throws HeddleError `HEDDLE_LEASE_LOST` */
  release(): Promise<void>
}

/** What one running test file holds, and how long it has waited for it. */
export class FileClaims {
  readonly #leases: Leases
  readonly #file: string
  readonly #held = new Map<string, HeldClaim>()
  #waiting = 0
  #waitingSince = 0
  #waitedMs = 0

  /** @param file as people know it */
  constructor(leases: Leases, file: string) {
    this.#leases = leases
    this.#file = file
  }

  /** How long something in this file has been waiting, ms; simultaneous waits count once. */
  get waitedMs(): number {
    return this.#waitedMs
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
  holderOf(id: string, outer: readonly SerialClaim[]): string {
    const around = [...this.#held].find(([, { claim }]) => outer.includes(claim))
    return `${this.#file} ${around === undefined ? id : around[0]}`
  }

  /**
   * Waits for a claim.
   *
   * @param outer claims of the blocks and the file around it; what they cover is not taken again
   * @param signal gives the wait up
   * @throws HeddleError `HEDDLE_LEASE_TIMEOUT` and what else {@link Leases.acquire} throws; `HEDDLE_SERIAL_INVALID`
   */
  async hold(
    claim: SerialClaim,
    { id, test }: Claimant,
    outer: readonly SerialClaim[] = [],
    signal?: AbortSignal,
  ): Promise<HeldClaim> {
    const rest = claimWithin(claim, outer)
    if (rest === undefined) return { claim, waitedMs: 0, release: async () => undefined }
    const lease = await this.#wait(() =>
      this.#leases.acquire(leaseRequestsOf(rest), {
        signal,
        timeoutMs: rest.timeoutMs,
        label: { file: this.#file, test },
        holder: this.holderOf(id, []),
      }),
    )
    const held: HeldClaim = {
      claim,
      waitedMs: lease.waitedMs,
      release: () => {
        this.#held.delete(id)
        return lease.release()
      },
    }
    this.#held.set(id, held)
    return held
  }

  /** At the end of the file: whatever is left. @throws HeddleError `HEDDLE_LEASE_LOST` */
  async releaseAll(): Promise<void> {
    for (const held of this.#held.values()) await held.release()
  }

  async #wait(acquire: () => Promise<Lease>): Promise<Lease> {
    if (this.#waiting++ === 0) this.#waitingSince = monotonicClock()
    try {
      return await acquire()
    } finally {
      if (--this.#waiting === 0) this.#waitedMs += monotonicClock() - this.#waitingSince
    }
  }
}
