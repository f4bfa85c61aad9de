import { randomBytes } from 'node:crypto'
import type { Leases } from '@heddle/core/leases'

/** What `Leases.acquire` returns. */
type Lease = Awaited<ReturnType<Leases['acquire']>>

/** Who may start, stop and remove the server of a place, over all processes of this user. */
export interface ServerLeases {
  /** Nobody else starts or stops it meanwhile. */
  readonly takeTurn: () => Promise<Lease>
  /** Nobody stops it meanwhile. Only in one's turn, so that it never waits. */
  readonly use: () => Promise<Lease>
  /** If nobody uses it. Only in one's turn. */
  readonly tryAlone: () => Promise<Lease | undefined>
  readonly isUsed: () => Promise<boolean>
}

export function serverLeases(leases: Leases, dir: string): ServerLeases {
  const turn = { name: `start or stop PostgreSQL in ${dir}`, scope: 'machine' } as const
  const use = { name: `PostgreSQL in ${dir}`, scope: 'machine' } as const
  return {
    takeTurn: () => leases.acquire(turn, asItself()),
    use: () => leases.acquire({ ...use, mode: 'shared' }, asItself()),
    tryAlone: () => leases.tryAcquire(use, asItself()),
    isUsed: async () => (await leases.status(use)).holders.length > 0,
  }
}

/** Several resources of a run use the same server, each for itself. */
function asItself() {
  return { holder: `postgres ${randomBytes(6).toString('hex')}` }
}
