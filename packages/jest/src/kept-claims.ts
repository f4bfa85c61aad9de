import type { Claim, HeldClaim } from '@heddle/core/serial'
import { blocksAround } from './circus-tree.js'
import type { CircusNode, CircusTest } from './circus-types.js'

/** Who holds a claim; undefined for the file itself. */
export type Owner = CircusNode | undefined

/** A test function that has not ended. */
interface Body {
  readonly test: CircusTest
}

/**
 * What a file holds. A claim is kept until its owner is done and no test function in it runs any more: one that timed out
 * may go on for long.
 */
export class KeptClaims {
  readonly #held = new Map<Owner, HeldClaim>()
  /** Owners that are not done. */
  readonly #active = new Set<Owner>()
  readonly #bodies = new Set<Body>()
  readonly #onError: (error: unknown) => void

  /** @param onError takes what goes wrong when a body ends after its test */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  /** Claims of owners that are not done. */
  get active(): Claim[] {
    return [...this.#active].flatMap((owner) => this.#held.get(owner)?.claim ?? [])
  }

  /** Takes a claim, or keeps what the owner still holds from its last attempt. */
  async keep(owner: Owner, take: () => Promise<HeldClaim>): Promise<void> {
    this.#active.add(owner)
    if (!this.#held.has(owner)) this.#held.set(owner, await take())
  }

  /** A test function begins. @returns to be called when it has ended */
  begin(test: CircusTest): () => void {
    const body = { test }
    this.#bodies.add(body)
    return () => {
      if (this.#bodies.delete(body)) void this.#release().catch(this.#onError)
    }
  }

  isRunning(test: CircusTest): boolean {
    return [...this.#bodies].some((body) => body.test === test)
  }

  /** The owner is done. @throws HeddleError `HEDDLE_LEASE_LOST` */
  async done(owner: Owner): Promise<void> {
    this.#active.delete(owner)
    await this.#release()
  }

  /** Tests that still run, and what they hold. */
  get left(): { readonly test: CircusTest; readonly claim: Claim }[] {
    return [...this.#held].flatMap(([owner, { claim }]) => this.#bodiesIn(owner).map(({ test }) => ({ test, claim })))
  }

  /** The file has ended. @throws HeddleError `HEDDLE_LEASE_LOST` */
  async end(): Promise<void> {
    this.#active.clear()
    await this.#release()
  }

  async #release(): Promise<void> {
    const idle = [...this.#held].filter(([owner]) => !this.#active.has(owner) && this.#bodiesIn(owner).length === 0)
    for (const [owner] of idle) this.#held.delete(owner)
    const results = await Promise.allSettled(idle.map(([, held]) => held.release()))
    const failure = results.find((result) => result.status === 'rejected')
    if (failure !== undefined) throw failure.reason
  }

  #bodiesIn(owner: Owner): Body[] {
    return [...this.#bodies].filter(
      ({ test }) => owner === undefined || owner === test || blocksAround(test).some((block) => block === owner),
    )
  }
}
