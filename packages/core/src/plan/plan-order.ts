import { hasDemand } from '../groups/demand.js'
import { compareKeys } from '../workspace/job-key.js'
import type { Job } from './job.js'
import { NO_LIMITS } from '../schedule/resources.js'
import { simulate } from '../schedule/simulate.js'
import { endOf, lowerBoundOf, makespanOf, type LowerBound } from './makespan.js'

/** In which order jobs start, and how good that order can be. */
export interface OrderPlan<J extends Job = Job> {
  readonly jobs: readonly J[]
  /** When the last worker is expected to end, ms. */
  readonly expectedMakespanMs: number
  readonly lowerBound: LowerBound
}

export interface OrderOptions {
  /** How many jobs run at once, ≥ 1. */
  readonly workers: number
  /** Start what failed in its newest run before everything else. @default false */
  readonly failedFirst?: boolean
  /** Limits of groups by name. @default none: a group is limited to 1 */
  readonly limits?: ReadonlyMap<string, number>
}

/**
 * Plans the order in which jobs start: longest processing time first (Graham 1969: at most 4/3 of the optimum),
 * within what the host demands: lower stages first, jobs of one batch as neighbours. If any job has a demand, the order
 * in which the scheduler would start them, within the same.
 *
 * A pure function: the same jobs give the same plan on every machine, whatever order they come in.
 *
 * @example
 * planOrder(jobs, { workers: 4 }).jobs.map((job) => job.key) // slowest first
 */
export function planOrder<J extends Job>(jobs: readonly J[], options: OrderOptions): OrderPlan<J> {
  const { workers, failedFirst = false, limits = NO_LIMITS } = options
  const rank = failedFirst ? (job: Job): number => (job.hasFailed ? 0 : 1) : (): number => 0
  const slowestFirst = (a: Job, b: Job): number =>
    rank(a) - rank(b) || b.expectedMs - a.expectedMs || compareKeys(a.key, b.key)
  const ordered = withNeighbours(jobs, slowestFirst)
  const lowerBound = lowerBoundOf(ordered, workers, limits)
  if (!jobs.some(hasDemand)) return { jobs: ordered, expectedMakespanMs: makespanOf(ordered, workers), lowerBound }
  const scheduled = simulate(ordered, { workers, failedFirst, limits })
  const positions = new Map(scheduled.map(({ job }, position) => [job, position]))
  const earliestFirst = (a: J, b: J): number => (positions.get(a) ?? 0) - (positions.get(b) ?? 0)
  return { jobs: withNeighbours(ordered, earliestFirst), expectedMakespanMs: endOf(scheduled), lowerBound }
}

/** Stages in their order, in each the jobs by `compare`, but those of a batch where the first of them would stand. */
function withNeighbours<J extends Job>(jobs: readonly J[], compare: (a: J, b: J) => number): J[] {
  const heads = headsOfBatches(jobs, compare)
  return [...jobs].sort((a, b) => {
    if (a.stage !== b.stage) return a.stage - b.stage
    if (a.batch === b.batch) return compare(a, b)
    return compare(heads.get(batchId(a)) ?? a, heads.get(batchId(b)) ?? b) || compareKeys(batchId(a), batchId(b))
  })
}

function headsOfBatches<J extends Job>(jobs: readonly J[], compare: (a: J, b: J) => number): Map<string, J> {
  const heads = new Map<string, J>()
  for (const job of jobs) {
    if (job.batch === undefined) continue
    const head = heads.get(batchId(job))
    if (head === undefined || compare(job, head) < 0) heads.set(batchId(job), job)
  }
  return heads
}

function batchId(job: Job): string {
  return job.batch === undefined ? '' : `${job.stage}\t${job.batch}`
}
