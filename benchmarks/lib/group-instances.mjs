import { createRandom } from './random.mjs'

/** Traces of real suites are log-normal; the standard deviation of the logarithm is 0.5 to 1.5 in them. */
const SIGMA = 1.2
const MEDIAN_MS = 300
const GROUPED = 0.3
const SECOND_GROUP = 0.2
const EXCLUSIVE = 0.1
const HEAVY = 0.1

/** A random suite: 40 to 400 files on 4 to 16 workers, one to four groups with a limit of 1 to 4 each. */
export function createInstance(seed, { hasHeavy }) {
  const random = createRandom(seed)
  const whole = (low, high) => low + Math.floor(random.next() * (high - low + 1))
  const workers = whole(4, 16)
  const count = whole(40, 400)
  const limits = new Map(Array.from({ length: whole(1, 4) }, (_, i) => [`group-${i}`, whole(1, 4)]))
  const names = [...limits.keys()]
  const member = (group) => ({ group, mode: random.next() < EXCLUSIVE ? 'exclusive' : 'shared' })
  const membersOf = () => {
    if (random.next() >= GROUPED) return []
    const [first, second] = random.shuffle(names)
    return second !== undefined && random.next() < SECOND_GROUP ? [member(first), member(second)] : [member(first)]
  }
  const jobs = Array.from({ length: count }, (_, i) => {
    const durationMs = MEDIAN_MS * random.lognormal(SIGMA)
    const groups = membersOf()
    const weight = random.next() < HEAVY ? whole(2, workers) : 1
    const demand = { groups, weight: hasHeavy ? weight : 1, priority: 0 }
    return { key: `file-${i}`, durationMs, isKnown: true, hasFailed: false, stage: 0, batch: undefined, demand }
  })
  return { workers, limits, jobs }
}

/** What is expected of each file: what it takes, that times 0.4 to 2, or the same of all, which is a guess. */
export const EXPECTATIONS = {
  exact: ({ durationMs }) => ({ expectedMs: durationMs }),
  noisy: ({ durationMs }, random) => ({ expectedMs: durationMs * random.factor(0.4, 2) }),
  none: () => ({ expectedMs: 1000, isKnown: false }),
}
