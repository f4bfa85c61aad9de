import { compareKeys } from '../workspace/job-key.js'
import type { Job } from './job.js'
import { lowerBoundOf, makespanOf, type LowerBound } from './makespan.js'

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
}

/**
 * Plans the order in which jobs start: longest processing time first (Graham 1969: at most 4/3 of the optimum),
 * within what the host demands: lower stages first, jobs of one batch as neighbours.
 *
 * A pure function: the same jobs give the same plan on every machine, whatever order they come in.
 *
 * @example
 * planOrder(jobs, { workers: 4 }).jobs.map((job) => job.key) // slowest first
 */
export function planOrder<J extends Job>(
  jobs: readonly J[],
  { workers, failedFirst = false }: OrderOptions,
): OrderPlan<J> {
  const rank = failedFirst ? (job: Job): number => (job.hasFailed ? 0 : 1) : (): number => 0
  const slowestFirst = (a: Job, b: Job): number =>
    rank(a) - rank(b) || b.expectedMs - a.expectedMs || compareKeys(a.key, b.key)
  const heads = headsOfBatches(jobs, slowestFirst)
  const ordered = [...jobs].sort((a, b) => {
    if (a.stage !== b.stage) return a.stage - b.stage
    if (a.batch === b.batch) return slowestFirst(a, b)
    // A batch stands where its first job would stand alone.
    return slowestFirst(heads.get(batchId(a)) ?? a, heads.get(batchId(b)) ?? b) || compareKeys(batchId(a), batchId(b))
  })
  return { jobs: ordered, expectedMakespanMs: makespanOf(ordered, workers), lowerBound: lowerBoundOf(ordered, workers) }
}

function headsOfBatches(jobs: readonly Job[], compare: (a: Job, b: Job) => number): Map<string, Job> {
  const heads = new Map<string, Job>()
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
