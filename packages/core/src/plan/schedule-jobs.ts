import type { Demand } from '../groups/demand.js'
import { givePermits, isFree, takePermits, type Need } from '../schedule/resource.js'
import { createResources, NO_LIMITS } from '../schedule/resources.js'
import { createMinHeap } from './min-heap.js'
import type { Job } from './job.js'

/** When and where a job is expected to start. */
export interface ScheduledJob<J> {
  readonly job: J
  /** 1-based. */
  readonly worker: number
  readonly startMs: number
}

export type TimedJob = Pick<Job, 'expectedMs' | 'stage'> & { readonly demand?: Demand | undefined }

interface Running {
  readonly worker: number
  readonly endMs: number
  readonly needs: readonly Need[]
}

/**
 * Plays `jobs` through in their order: the next one starts, on the lowest free worker, as soon as there is room for it
 * and the one before has started; stages are barriers. Real runs differ as durations do.
 *
 * @param limits of groups by name
 *
 * @example
 * scheduleJobs(plan.jobs, 4).filter(({ worker }) => worker === 1)
 */
export function scheduleJobs<J extends TimedJob>(
  jobs: readonly J[],
  workers: number,
  limits: ReadonlyMap<string, number> = NO_LIMITS,
): ScheduledJob<J>[] {
  const resources = createResources({ workers, limits })
  const slots = resources.workers.slots
  const running = createMinHeap<Running>((a, b) => a.endMs - b.endMs || a.worker - b.worker)
  let nowMs = 0
  let stage = jobs[0]?.stage
  const endNext = (): boolean => {
    const next = running.pop()
    if (next === undefined) return false
    nowMs = Math.max(nowMs, next.endMs)
    givePermits(next.needs)
    slots.give(next.worker)
    return true
  }
  return jobs.map((job) => {
    const needs = resources.needsOf(job.demand)
    if (job.stage !== stage) while (endNext());
    stage = job.stage
    while ((running.peek()?.endMs ?? Infinity) <= nowMs || !needs.every(isFree)) endNext()
    takePermits(needs)
    const worker = slots.take()
    running.push({ worker, endMs: nowMs + job.expectedMs, needs })
    return { job, worker, startMs: nowMs }
  })
}
