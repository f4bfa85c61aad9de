import { hasDemand, type Demand } from '../groups/demand.js'
import type { Need } from '../schedule/resource.js'
import { findExclusiveChain, type ExclusiveChain } from './exclusive-chain.js'
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
  let bound: LowerBound = { ms: 0, key: undefined }
  const demanding: { readonly expectedMs: number; readonly needs: readonly Need[] }[] = []
  for (const job of jobs) {
    const needs = resources.needsOf(job.demand)
    for (const { resource, permits } of needs) resource.workLeft.add(permits, job.expectedMs)
    if (job.expectedMs > bound.ms) bound = { ms: job.expectedMs, key: job.key }
    demanding.push({ expectedMs: job.expectedMs, needs })
  }
  const totalMs = resources.workers.workLeft.lowerBoundMs()
  if (totalMs >= bound.ms) bound = { ms: totalMs, key: undefined }
  for (const { name, workLeft } of resources.groups.values()) {
    const ms = workLeft.lowerBoundMs()
    if (ms > bound.ms) bound = { ms, key: undefined, group: name }
  }
  return jobs.some(hasDemand) ? longerOf(bound, findExclusiveChain(demanding)) : bound
}

/** A sum in another order may differ in its last digit. */
function longerOf(bound: LowerBound, { ms, files }: ExclusiveChain): LowerBound {
  return ms > bound.ms * (1 + 1e-9) ? { ms, key: undefined, chain: files } : bound
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
