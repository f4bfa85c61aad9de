import { findLockDir } from './lock-dir.js'
import { Leases } from './leases.js'
import type { Surroundings } from './resource.js'
import { TicketBackend } from './ticket-backend.js'

/** On `process`, which each thread has one of, also where modules are loaded several times. */
const SHARED = Symbol.for('heddle.leases.v1')

interface Shared {
  readonly backends: Map<string, TicketBackend>
  readonly leases: Map<string, Leases>
}

/**
 * The leases of this thread for a workspace and run. However often it is asked for, all share one place in the lock
 * directory and one watcher.
 *
 * @param env `HEDDLE_LOCK_DIR` overrides where the locks are
 *
 * @example
 * const leases = threadLeases({ root: process.cwd() })
 * const { holders } = await leases.status('ledger')
 */
export function threadLeases(surroundings: Surroundings, env = process.env): Leases {
  const shared = ((process as { [SHARED]?: Shared })[SHARED] ??= { backends: new Map(), leases: new Map() })
  const lockDir = findLockDir(env)
  const key = JSON.stringify([lockDir, surroundings.root, surroundings.runId])
  const known = shared.leases.get(key)
  if (known !== undefined) return known
  const backend = shared.backends.get(lockDir) ?? new TicketBackend(lockDir)
  shared.backends.set(lockDir, backend)
  const leases = new Leases(backend, surroundings)
  shared.leases.set(key, leases)
  return leases
}
