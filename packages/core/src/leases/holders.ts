import { AsyncLocalStorage } from 'node:async_hooks'
import { describeReentry } from './describe.js'
import type { PlannedRequest } from './lease-request.js'

/** What each holder of a thread holds or waits for, so that none ever waits for itself. */
export class Holders {
  /** What counts as the holder where nothing else tells: the running test, say. */
  current: (() => string | undefined) | undefined
  readonly #inside = new AsyncLocalStorage<string>()
  /** Ids of resources. */
  readonly #held = new Map<string, Set<string>>()
  #count = 0

  /** @param given wins over what is found */
  find(given: string | undefined): string | undefined {
    return given ?? this.#inside.getStore() ?? this.current?.()
  }

  /** A holder that there has never been. */
  create(): string {
    return `call ${this.#count++}`
  }

  /** Runs `fn`, and what it starts, as this holder. */
  run<T>(holder: string, fn: () => T): T {
    return this.#inside.run(holder, fn)
  }

  /** @returns forgets it again @throws HeddleError `HEDDLE_LEASE_REENTERED` */
  remember(planned: readonly PlannedRequest[], holder: string | undefined): () => void {
    if (holder === undefined) return () => undefined
    const held = this.#held.get(holder) ?? new Set()
    const again = planned.find(({ id }) => held.has(id))
    if (again !== undefined) throw describeReentry(again)
    this.#held.set(holder, held)
    for (const { id } of planned) held.add(id)
    return () => {
      for (const { id } of planned) held.delete(id)
      if (held.size === 0) this.#held.delete(holder)
    }
  }
}
