import type { Claim, HeldClaim } from '@heddle/core/serial'
import { loadSerial } from '../load-core.js'

/**
 * Something held by a test, a block or a file. A test that timed out may still be running: what it runs in is not given
 * back before it has ended; if nobody can tell, not before the worker has.
 */
export class Hold {
  readonly claim: Claim
  readonly #held: HeldClaim
  readonly #reportLate: (error: unknown) => void
  #bodies = 0
  #isAbandoned = false
  #hasEnded = false

  /** @param reportLate is told if giving back fails when the test has long been reported */
  constructor(held: HeldClaim, reportLate: (error: unknown) => void) {
    this.claim = held.claim
    this.#held = held
    this.#reportLate = reportLate
  }

  /** Whether functions of tests are still running, as far as heddle can tell. */
  get isBusy(): boolean {
    return this.#bodies > 0 || this.#isAbandoned
  }

  /** Whether it is kept until the worker ends. */
  get isAbandoned(): boolean {
    return this.#isAbandoned
  }

  get isStopWanted(): boolean {
    return loadSerial().serialOf(this.claim)?.onTimeout === 'stop-worker'
  }

  enter(): void {
    this.#bodies++
  }

  leave(): void {
    this.#bodies--
    if (this.#hasEnded && !this.isBusy) this.#held.release().catch(this.#reportLate)
  }

  /** A function that heddle cannot follow is still running. */
  abandon(): void {
    this.#isAbandoned = true
  }

  /** The test, block or file is over. Safe to call twice. @throws HeddleError `HEDDLE_LEASE_LOST` */
  async end(): Promise<void> {
    if (this.#hasEnded) return
    this.#hasEnded = true
    if (!this.isBusy) await this.#held.release()
  }
}
