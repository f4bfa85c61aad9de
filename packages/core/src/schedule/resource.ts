import { createNumbers, type Numbers } from './numbers.js'

/** Something of which there are so many permits: a group, or the worker slots. */
export interface Resource {
  readonly name: string
  readonly limit: number
  readonly isLeased: boolean
  readonly slots: Numbers
  readonly workLeft: WorkLeft
  free: number
  /** How many blocked jobs wait for its leased permits; meanwhile nothing else takes any. */
  blockers: number
}

/** Permits of one resource that a job takes, ≥ 1. */
export interface Need {
  readonly resource: Resource
  readonly permits: number
}

/** The work of the jobs that have not started, by how many permits they take. */
interface WorkLeft {
  add(permits: number, ms: number): void
  /** Permits × ms over the limit: how long it takes if no permit is ever idle. */
  readonly areaMs: number
  /** How long those take at least that need as many permits as this, or more, or nearly as many. */
  chainMs(permits: number): number
  /** What no schedule of it can beat. */
  lowerBoundMs(): number
}

export function createResource(name: string, limit: number, isLeased = false): Resource {
  const workLeft = createWorkLeft(limit)
  return { name, limit, isLeased, slots: createNumbers(), workLeft, free: limit, blockers: 0 }
}

export function isFree({ resource, permits }: Need): boolean {
  return resource.free >= permits && resource.blockers === 0
}

export function takePermits(needs: readonly Need[]): void {
  for (const { resource, permits } of needs) resource.free -= permits
}

export function givePermits(needs: readonly Need[]): void {
  for (const { resource, permits } of needs) resource.free += permits
}

function createWorkLeft(limit: number): WorkLeft {
  const msByPermits = new Map<number, number>()
  let area = 0
  let chains: readonly number[] | undefined
  return {
    add(permits, ms) {
      msByPermits.set(permits, (msByPermits.get(permits) ?? 0) + ms)
      area += permits * ms
      if (permits > 1) chains = undefined
    },
    get areaMs() {
      return area / limit
    },
    chainMs: (permits) => (permits === 1 ? 0 : ((chains ??= chainsOf(msByPermits, limit))[permits] ?? 0)),
    lowerBoundMs: () => roundedAreaMs(msByPermits, limit),
  }
}

/**
 * The area, once as it is, and once for every part of the limit up to a half with permits rounded: who leaves room only for less
 * than that part takes all, who takes less than it takes nothing (Fekete and Schepers 1998).
 */
function roundedAreaMs(msByPermits: ReadonlyMap<number, number>, limit: number): number {
  let most = 0
  for (let part = 1; part <= Math.max(1, limit / 2); part++) {
    let area = 0
    for (const [permits, ms] of msByPermits) {
      if (permits > limit - part) area += limit * ms
      else if (permits >= part) area += permits * ms
    }
    most = Math.max(most, area / limit)
  }
  return Math.max(most, ...chainsOf(msByPermits, limit))
}

/**
 * By permits. Of jobs that take more than one part in k + 1 of the permits, no more than k run at once. Those that take
 * one permit only are in none of these chains.
 */
function chainsOf(msByPermits: ReadonlyMap<number, number>, limit: number): number[] {
  const workFrom = Array.from({ length: limit + 2 }, () => 0)
  for (let permits = limit; permits > 0; permits--) {
    workFrom[permits] = (workFrom[permits + 1] ?? 0) + (msByPermits.get(permits) ?? 0)
  }
  const chains = Array.from({ length: limit + 1 }, () => 0)
  for (let together = 1; together < limit; together++) {
    const from = Math.floor(limit / (together + 1)) + 1
    chains[from] = Math.max(chains[from] ?? 0, (workFrom[from] ?? 0) / together)
  }
  for (let permits = 1; permits <= limit; permits++) {
    chains[permits] = Math.max(chains[permits] ?? 0, chains[permits - 1] ?? 0)
  }
  return chains
}
