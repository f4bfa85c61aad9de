import type { Claim, SerialClaim } from '@heddle/core/serial'
import { blocksAround } from './circus-tree.js'
import type { CircusBlock, CircusNode, CircusTest } from './circus-types.js'

/** What is about to be registered, and what it claims. */
export interface Registering {
  readonly what: 'tests' | 'block'
  readonly claim: SerialClaim
}

/**
 * Which test and which block of a file claims what. Jest tells of each as it is registered, through whatever (`each`,
 * `only`, templates), so a claim belongs to what is registered while `serial` calls Jest.
 */
export class ClaimRegistry {
  readonly #claims = new WeakMap<CircusNode, Claim>()
  #registering: Registering | undefined
  /** Of the blocks that are being defined. */
  readonly #outer: (Registering | undefined)[] = []

  register(registering: Registering, callJest: () => unknown): unknown {
    const before = this.#registering
    this.#registering = registering
    try {
      return callJest()
    } finally {
      this.#registering = before
    }
  }

  /** Whether what is registered now comes from `serial`. */
  get isRegistering(): boolean {
    return this.#registering !== undefined
  }

  enterBlock(block: CircusBlock): void {
    this.#outer.push(this.#registering)
    if (this.#registering?.what === 'block') this.#claims.set(block, this.#registering.claim)
    // What is inside claims for itself.
    this.#registering = undefined
  }

  leaveBlock(): void {
    this.#registering = this.#outer.pop()
  }

  addTest(test: CircusTest): void {
    if (this.#registering !== undefined) this.#claims.set(test, this.#registering.claim)
  }

  /** It claims something else, or more. */
  setClaim(node: CircusNode, claim: Claim): void {
    this.#claims.set(node, claim)
  }

  claimOf(node: CircusNode): Claim | undefined {
    return this.#claims.get(node)
  }

  /** Claims of the blocks around. */
  around(node: CircusNode): Claim[] {
    return blocksAround(node).flatMap((block) => this.#claims.get(block) ?? [])
  }
}
