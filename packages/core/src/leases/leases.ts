import type { LeaseBackend, Participant, Permits, ResourceStatus } from './backend.js'
import { monotonicClock } from './captured.js'
import { describeLoss, describeQueue } from './describe.js'
import { Holders } from './holders.js'
import {
  planAcquisition,
  refuseUnknownOptions,
  type LeaseRequest,
  type LeaseShare,
  type PlannedRequest,
} from './lease-request.js'
import { startWait } from './ongoing-wait.js'
import { resourceId, type Resource, type Surroundings } from './resource.js'
import type { LeaseLabel, TicketNote } from './ticket-note.js'

/** How to wait, and what requests are that are given as plain names. */
export interface AcquireOptions extends LeaseShare {
  /** Gives the wait up; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait for everything together, ms, ≥ 0; Infinity for ever. @default 600_000 */
  readonly timeoutMs?: number | undefined
  /** Who asks: shown by `heddle locks` and in the errors of others. */
  readonly label?: LeaseLabel | undefined
  /** What counts as one holder: asking again for what the same one holds is an error. @default that of {@link Leases.withLease} around the call */
  readonly holder?: string | undefined
}

/** What counts for those who do not wait. */
export type TryOptions = Omit<AcquireOptions, 'signal' | 'timeoutMs'>

const OF_TRY = ['label', 'holder'] as const
const OF_ACQUIRE = [...OF_TRY, 'signal', 'timeoutMs'] as const

/** Permits that are held until they are given back, or their thread ends. */
export interface Lease {
  /** How long it took to get everything, ms. */
  readonly waitedMs: number
  /**
   * Gives everything back. Safe to call twice.
   *
   * @throws HeddleError `HEDDLE_LEASE_LOST` if somebody took it away before, so that others may have been in as well
   */
  release(): Promise<void>
}

/** Names that nobody else has until they are given back, or their thread ends. */
export interface Mark {
  /** Gives all of them back. Safe to call twice. */
  readonly release: () => Promise<void>
}

/**
 * Exclusive and shared access to named resources, over threads, processes and runs on this machine.
 *
 * Never more holders than the limit; first come, first served; several resources at once without deadlock. Time alone
 * never frees anything: only `release` does, or the death of the holding thread, told by the operating system.
 *
 * @example
 * const leases = threadLeases({ root: process.cwd() })
 * await leases.withLease('ledger', async () => closeTheYear())
 */
export class Leases {
  /** Told about waits that take long. */
  onLongWait: ((line: string) => void) | undefined
  readonly #backend: LeaseBackend
  readonly #surroundings: Surroundings
  readonly #holders: Holders
  readonly #ids = new Map<string, string>()

  /** @param holders of everything in the thread that uses the same backend */
  constructor(backend: LeaseBackend, surroundings: Surroundings, holders = new Holders()) {
    this.#backend = backend
    this.#surroundings = surroundings
    this.#holders = holders
  }

  /** What counts as the holder in this thread where nothing else tells: the running test, say. */
  set currentHolder(current: (() => string | undefined) | undefined) {
    this.#holders.current = current
  }

  /**
   * Waits until it has all of `requests`, taken in one fixed order.
   *
   * @throws HeddleError `HEDDLE_LEASE_TIMEOUT` (names the holder), `HEDDLE_LEASE_REENTERED`,
   *   `HEDDLE_LEASE_LIMIT_MISMATCH`, `HEDDLE_LEASE_INVALID`, `HEDDLE_LOCK_DIR_UNUSABLE`
   *
   * @example
   * const lease = await leases.acquire(['ledger', { name: 'smtp', limit: 3 }], { timeoutMs: 60_000 })
   * try { … } finally { await lease.release() }
   */
  async acquire(requests: LeaseRequest | readonly LeaseRequest[], options: AcquireOptions = {}): Promise<Lease> {
    const planned = this.#plan(requests, options, OF_ACQUIRE)
    return this.#hold(planned, options, async (taken) => {
      const describe = (id: string): Promise<string> => this.#describeQueue(id, options.label)
      const wait = startWait(planned, options, { describe, onLongWait: (line) => this.onLongWait?.(line) })
      try {
        for (const request of planned) {
          wait.current = request
          taken.push(await this.#backend.take(this.#permitRequest(request, options), wait))
        }
        return true
      } finally {
        wait.stop()
      }
    }) as Promise<Lease>
  }

  /** Takes all of `requests` if that is possible at once, otherwise nothing. @throws as {@link acquire}, but never waits */
  async tryAcquire(
    requests: LeaseRequest | readonly LeaseRequest[],
    options: TryOptions = {},
  ): Promise<Lease | undefined> {
    const planned = this.#plan(requests, options, OF_TRY)
    return this.#hold(planned, options, async (taken) => {
      for (const request of planned) {
        const permits = await this.#backend.tryTake(this.#permitRequest(request, options))
        if (permits === undefined) return false
        taken.push(permits)
      }
      return true
    })
  }

  /** Runs `fn` while all of `requests` are held. */
  async withLease<T>(
    requests: LeaseRequest | readonly LeaseRequest[],
    fn: () => T | Promise<T>,
    options: AcquireOptions = {},
  ): Promise<T> {
    const holder = this.#holders.find(options.holder) ?? this.#holders.create()
    const lease = await this.acquire(requests, { ...options, holder })
    let result: T
    try {
      result = await this.#holders.run(holder, fn)
    } catch (error) {
      // Whatever becomes of the lease, it must not hide why the function failed.
      await lease.release().catch(() => undefined)
      throw error
    }
    await lease.release()
    return result
  }

  /** Who holds and who waits. */
  async status(resource: string | Resource): Promise<ResourceStatus> {
    const { name, scope = 'workspace' } = typeof resource === 'string' ? { name: resource } : resource
    const id = this.#idOf({ name, scope })
    const [status] = await this.#backend.status(id)
    return { id, limit: Infinity, holders: [], waiters: [], ...status, name, scope }
  }

  /** Everything that is held or waited for by this user on this machine. */
  async statusOfAll(): Promise<ResourceStatus[]> {
    const all = await this.#backend.status()
    return all.filter(({ holders, waiters }) => holders.length + waiters.length > 0)
  }

  /**
   * Takes a resource away from all who hold it. For holders that nobody can judge (another container, an earlier boot);
   * one that still lives is told by `HEDDLE_LEASE_LOST` when it gives the lease back.
   *
   * @param id as {@link statusOfAll} tells it
   * @returns who held it
   */
  async break(id: string): Promise<readonly Participant[]> {
    return this.#backend.break(id)
  }

  /**
   * Takes all of `names` on this machine, or nothing: exclusive leases without a queue, for what there are thousands of and
   * nobody waits for.
   *
   * @param names of lower-case letters, digits and hyphens
   * @throws HeddleError `HEDDLE_LOCK_DIR_UNUSABLE`
   */
  async tryMark(names: readonly string[]): Promise<Mark | undefined> {
    const marked: string[] = []
    const release = async (): Promise<void> => {
      for (const name of marked.splice(0)) await this.#backend.unmark(name)
    }
    try {
      for (const name of names) {
        if (await this.#backend.tryMark(name)) marked.push(name)
        else return await release().then(() => undefined)
      }
    } catch (error) {
      await release()
      throw error
    }
    return { release }
  }

  #plan(requests: LeaseRequest | readonly LeaseRequest[], options: AcquireOptions, known: readonly string[]) {
    refuseUnknownOptions(requests, options, known)
    return planAcquisition(requests, (resource) => this.#idOf(resource), options)
  }

  /** To find the repository takes a walk through directories. */
  #idOf(resource: Resource): string {
    const key = `${resource.scope} ${resource.name}`
    const id = this.#ids.get(key) ?? resourceId(resource, this.#surroundings)
    this.#ids.set(key, id)
    return id
  }

  /** Takes what `take` takes, or gives everything back. */
  async #hold(
    planned: readonly PlannedRequest[],
    options: AcquireOptions,
    take: (taken: Permits[]) => Promise<boolean>,
  ): Promise<Lease | undefined> {
    const startedAt = monotonicClock()
    const forget = this.#holders.remember(planned, this.#holders.find(options.holder))
    const taken: Permits[] = []
    try {
      if (await take(taken)) {
        return { waitedMs: monotonicClock() - startedAt, release: createRelease(planned, taken, forget) }
      }
    } catch (error) {
      await releaseAll(taken, forget).catch(() => undefined)
      throw error
    }
    await releaseAll(taken, forget)
    return undefined
  }

  async #describeQueue(id: string, label: LeaseLabel | undefined): Promise<string> {
    const [status] = await this.#backend.status(id)
    // Threads, and concurrent tests of one thread, have the same process.
    const isOwn = ({ pid, file, test }: Participant): boolean =>
      pid === process.pid && file === label?.file && test === label?.test
    return status === undefined ? 'nothing is known' : describeQueue(status, isOwn)
  }

  #permitRequest({ id, name, scope, permits, limit }: PlannedRequest, { label }: AcquireOptions) {
    const { runId } = this.#surroundings
    const note: TicketNote = {
      name,
      scope,
      ...label,
      run: runId,
      pid: process.pid,
      cwd: workingDir(),
    }
    return { id, permits, limit, note }
  }
}

/** Somebody may have removed it. */
function workingDir(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

function createRelease(planned: readonly PlannedRequest[], taken: readonly Permits[], forget: () => void) {
  let released: Promise<void> | undefined
  return (): Promise<void> =>
    (released ??= releaseAll(taken, forget).then((lost) => {
      const names = planned.filter((_, i) => lost.has(i))
      if (names.length > 0) throw describeLoss(names)
      return undefined
    }))
}

/** In reverse order; all of them, whatever happens to one. @returns the places of those that somebody took away before */
async function releaseAll(taken: readonly Permits[], forget: () => void): Promise<ReadonlySet<number>> {
  const lost = new Set<number>()
  const failures: unknown[] = []
  for (const [i, permits] of [...taken.entries()].reverse()) {
    try {
      if (!(await permits.release())) lost.add(i)
    } catch (error) {
      failures.push(error)
    }
  }
  forget()
  if (failures.length > 0) throw failures[0]
  return lost
}
