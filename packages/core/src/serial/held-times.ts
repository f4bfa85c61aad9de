import { groupLeaseName } from '../leases/group-names.js'
import { isExclusive, type JointClaim } from './claim.js'
import type { SerialMode } from './serial-claim.js'

/** How long something was held in a file. */
export interface HeldTime {
  /** The name of the lease: a serial key, `group:<name>`, or empty for that of all serial tests. */
  readonly name: string
  readonly mode: SerialMode
  readonly ms: number
}

interface Count {
  readonly name: string
  readonly mode: SerialMode
  holders: number
  since: number
  ms: number
}

/** Adds up how long each name was held, by whomever; those who hold it at the same time count once. */
export class HeldTimes {
  readonly #now: () => number
  readonly #counts = new Map<string, Count>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** @returns to be called when it is given back; safe to call twice */
  begin(taken: JointClaim): () => void {
    const counts = namesIn(taken).map((one) => this.#countOf(one))
    const now = this.#now()
    for (const count of counts) if (count.holders++ === 0) count.since = now
    let isOver = false
    return () => {
      const end = this.#now()
      if (!isOver) for (const count of counts) if (--count.holders === 0) count.ms += end - count.since
      isOver = true
    }
  }

  /** What is still held counts up to now. */
  get all(): HeldTime[] {
    const now = this.#now()
    return Array.from(this.#counts.values(), ({ name, mode, holders, since, ms }) => ({
      name,
      mode,
      ms: ms + (holders > 0 ? now - since : 0),
    }))
  }

  #countOf({ name, mode }: Pick<HeldTime, 'name' | 'mode'>): Count {
    const key = `${mode} ${name}`
    const known = this.#counts.get(key) ?? { name, mode, holders: 0, since: 0, ms: 0 }
    this.#counts.set(key, known)
    return known
  }
}

/** Not the share that tests with keys have of what all serial ones have in common: they do not exclude each other by it. */
function namesIn({ groups, serial }: JointClaim): Pick<HeldTime, 'name' | 'mode'>[] {
  const ofGroups = groups.map((group) => ({
    name: groupLeaseName(group.name),
    mode: isExclusive(group) ? ('exclusive' as const) : ('shared' as const),
  }))
  if (serial === undefined) return ofGroups
  const { keys, mode } = serial
  return [...ofGroups, ...(keys.length === 0 ? [''] : keys).map((name) => ({ name, mode }))]
}
