import { hasDemand, type Demand } from '../groups/demand.js'
import { findExclusiveChain } from './exclusive-chain.js'
import { createResources, NO_LIMITS } from '../schedule/resources.js'
import type { Job } from './job.js'
import { scheduleJobs, type TimedJob } from './schedule-jobs.js'

/** What no schedule can beat, and why. */
export interface LowerBound {
  /** The largest of total work over workers, longest file, work of each group over its limit, longest chain; ms. */
  readonly ms: number
  /** The key of the file that sets the bound, or undefined when none does alone. */
  readonly key: string | undefined
  /** The group that sets the bound, if one does. */
  readonly group?: string | undefined
  /** How many files set the bound because no two of them can run at once, if they do and it takes more than a group. */
  readonly chain?: number | undefined
}

type Timed = Pick<Job, 'key' | 'expectedMs'> & { readonly demand?: Demand | undefined }

/**
 * A lower bound on the makespan of `jobs` on `workers` equal workers (Graham 1966), and of each group on its limit;
 * fewer workers than one count as one.
 *
 * @param limits of groups by name
 */
export function lowerBoundOf(
  jobs: readonly Timed[],
  workers: number,
  limits: ReadonlyMap<string, number> = NO_LIMITS,
): LowerBound {
  const resources = createResources({ workers, limits })
  let longest: Timed | undefined
  const needs = jobs.map((job) => resources.needsOf(job.demand))
  for (const [index, job] of jobs.entries()) {
    for (const { resource, permits } of needs[index] ?? []) resource.workLeft.add(permits, job.expectedMs)
    if (longest === undefined || job.expectedMs > longest.expectedMs) longest = job
  }
  let bound: LowerBound = { ms: resources.workers.workLeft.lowerBoundMs(), key: undefined }
  if (longest !== undefined && longest.expectedMs > bound.ms) bound = { ms: longest.expectedMs, key: longest.key }
  for (const { name, workLeft } of resources.groups.values()) {
    const ms = workLeft.lowerBoundMs()
    if (ms > bound.ms) bound = { ms, key: undefined, group: name }
  }
  if (!jobs.some(hasDemand)) return bound
  const chain = findExclusiveChain(jobs.map(({ expectedMs }, index) => ({ expectedMs, needs: needs[index] ?? [] })))
  // A sum in another order may differ in its last digit.
  return chain.ms > bound.ms * (1 + 1e-9) ? { ms: chain.ms, key: undefined, chain: chain.files } : bound
}

/**
 * When the last of `jobs` ends if they start in this order, each as soon as there is room for it; stages are barriers.
 * Ms. See {@link scheduleJobs}.
 */
export function makespanOf(
  jobs: readonly TimedJob[],
  workers: number,
  limits: ReadonlyMap<string, number> = NO_LIMITS,
): number {
  return endOf(scheduleJobs(jobs, workers, limits))
}

/** When the last of them ends. */
export function endOf(scheduled: readonly { readonly job: TimedJob; readonly startMs: number }[]): number {
  return scheduled.reduce((end, { job, startMs }) => Math.max(end, startMs + job.expectedMs), 0)
}
