import type { Need } from '../schedule/resource.js'

/** Jobs of which no two can ever run at once. */
export interface ExclusiveChain {
  /** How long they take, one after the other. */
  readonly ms: number
  readonly files: number
}

/** Jobs that need the same. */
interface Kind {
  readonly needs: readonly Need[]
  readonly chain: ExclusiveChain
}

interface TimedNeeds {
  readonly needs: readonly Need[]
  readonly expectedMs: number
}

/** From how many kinds a chain is sought: the longest ones. */
const SEEDS = 50

/**
 * A long chain of jobs that exclude each other, through one group or worker slots or through several. The longest would
 * take too long to find (it is a clique problem), so each kind takes in the next longest that still fits.
 */
export function findExclusiveChain(jobs: readonly TimedNeeds[]): ExclusiveChain {
  const kinds = kindsOf(jobs).sort((a, b) => b.chain.ms - a.chain.ms)
  let best: ExclusiveChain = { ms: 0, files: 0 }
  for (const seed of kinds.slice(0, SEEDS)) {
    const chain = [seed]
    for (const kind of kinds) {
      if (kind !== seed && chain.every((other) => exclude(kind.needs, other.needs))) chain.push(kind)
    }
    const ms = chain.reduce((sum, kind) => sum + kind.chain.ms, 0)
    if (ms > best.ms) best = { ms, files: chain.reduce((sum, kind) => sum + kind.chain.files, 0) }
  }
  return best
}

/** Of jobs of one kind that do not exclude each other, the longest is the chain. */
function kindsOf(jobs: readonly TimedNeeds[]): Kind[] {
  const kinds = new Map<string, Kind>()
  for (const { needs, expectedMs } of jobs) {
    const name = JSON.stringify(needs.map(({ resource, permits }) => [resource.name, permits]))
    const { ms, files } = kinds.get(name)?.chain ?? { ms: 0, files: 0 }
    const chain = exclude(needs, needs)
      ? { ms: ms + expectedMs, files: files + 1 }
      : { ms: Math.max(ms, expectedMs), files: 1 }
    kinds.set(name, { needs, chain })
  }
  return Array.from(kinds.values())
}

function exclude(needs: readonly Need[], others: readonly Need[]): boolean {
  return needs.some(({ resource, permits }) =>
    others.some((other) => other.resource === resource && permits + other.permits > resource.limit),
  )
}
