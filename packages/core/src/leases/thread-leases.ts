import { Holders } from './holders.js'
import { findLockDir } from './lock-dir.js'
import { Leases } from './leases.js'
import type { Surroundings } from './resource.js'
import { THREAD_LEASES } from './scope.js'
import { TicketBackend } from './ticket-backend.js'

interface Realm {
  [THREAD_LEASES]?: ThreadLeases
}

/** All leases of a thread, kept in the global object: so there is one, however often this module is loaded. */
class ThreadLeases {
  readonly #holders = new Holders()
  readonly #backends = new Map<string, TicketBackend>()
  readonly #leases = new Map<string, Leases>()

  /** Made here and not by who asks, who may be in a sandbox that ends before the thread does. */
  open({ root, runId }: Surroundings, lockDir: string): Leases {
    const key = JSON.stringify([lockDir, root, runId])
    const known = this.#leases.get(key)
    if (known !== undefined) return known
    const backend = this.#backends.get(lockDir) ?? new TicketBackend(lockDir)
    this.#backends.set(lockDir, backend)
    const leases = new Leases(backend, { root, runId }, this.#holders)
    this.#leases.set(key, leases)
    return leases
  }
}

/**
 * The leases of this thread for a workspace and run. However often it is asked for, all share one place in the lock
 * directory and one watcher, and know what the others hold.
 *
 * @param env `HEDDLE_LOCK_DIR` overrides where the locks are
 *
 * @example
 * const leases = threadLeases({ root: process.cwd() })
 * const { holders } = await leases.status('ledger')
 */
export function threadLeases(surroundings: Surroundings, env = process.env): Leases {
  return leasesOfThread().open(surroundings, findLockDir(env))
}

/**
 * Lets a sandbox of this thread, which has modules of its own, share the thread's leases.
 *
 * @returns for {@link THREAD_LEASES} in the global object of the sandbox
 */
export function leasesOfThread(): ThreadLeases {
  return ((globalThis as Realm)[THREAD_LEASES] ??= new ThreadLeases())
}
