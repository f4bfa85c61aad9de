import { claimOfBlock, type Claim, type GroupClaim, type SerialClaim } from '@heddle/core/serial'
import { blocksAround, fullNameOf } from './circus-tree.js'
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
  readonly #groupsOf: ((name: string) => readonly GroupClaim[]) | undefined
  readonly #claims = new WeakMap<CircusNode, Claim>()
  #registering: Registering | undefined
  /** Of the blocks that are being defined. */
  readonly #outer: (Registering | undefined)[] = []

  /** @param groupsOf what a test takes besides, by its full name; undefined if no test takes anything */
  constructor(groupsOf?: (name: string) => readonly GroupClaim[]) {
    this.#groupsOf = groupsOf
  }

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

  /** @returns whether the test or a block around it claims anything */
  addTest(test: CircusTest): boolean {
    const serial = this.#registering?.claim
    const groups = this.#groupsOf?.(fullNameOf(test)) ?? []
    const claim = groups.length === 0 ? serial : { groups, serial }
    if (claim !== undefined) this.#claims.set(test, claim)
    return claim !== undefined || this.around(test).length > 0
  }

  /**
   * What a block takes: its own claim and the groups of the tests in it.
   *
   * @param tests those that will run
   * @returns undefined if nothing is claimed by the block itself
   */
  claimBlock(block: CircusBlock, tests: readonly CircusTest[]): Claim | undefined {
    const own = this.#claims.get(block)
    if (own === undefined || tests.length === 0) return undefined
    const claim = claimOfBlock(
      own,
      tests.flatMap((test) => this.#claims.get(test) ?? []),
    )
    this.#claims.set(block, claim)
    return claim
  }

  claimOf(node: CircusNode): Claim | undefined {
    return this.#claims.get(node)
  }

  /** Claims of the blocks around. */
  around(node: CircusNode): Claim[] {
    return blocksAround(node).flatMap((block) => this.#claims.get(block) ?? [])
  }
}
