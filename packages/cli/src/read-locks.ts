import { threadLeases, type LeaseScope, type ResourceStatus } from '@heddle/core/leases'
import type { Terminal } from './terminal.js'

/** Which locks are meant; all if nothing is said. */
export interface LockFilter {
  /** The name, or the id where nobody's note could be read. */
  readonly name?: string | undefined
  readonly scope?: LeaseScope | undefined
}

/** What this user holds and waits for on this machine, sorted; what all serial tests share comes last. */
export async function readLocks({ cwd, env }: Terminal): Promise<ResourceStatus[]> {
  const locks = await threadLeases({ root: cwd }, env).statusOfAll()
  return locks.sort((a, b) => Number(a.name === '') - Number(b.name === '') || (sortKey(a) < sortKey(b) ? -1 : 1))
}

export function selectLocks(locks: readonly ResourceStatus[], { name, scope }: LockFilter): ResourceStatus[] {
  return locks.filter(
    (lock) =>
      (name === undefined || lock.name === name || lock.id === name) && (scope === undefined || lock.scope === scope),
  )
}

function sortKey({ name, scope, id }: ResourceStatus): string {
  return [name ?? id, scope, id].join('\0')
}
