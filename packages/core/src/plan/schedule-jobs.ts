import { createMinHeap, type MinHeap } from './min-heap.js'
import type { Job } from './job.js'

/** When and where a job is expected to start. */
export interface ScheduledJob<J> {
  readonly job: J
  /** 1-based. */
  readonly worker: number
  readonly startMs: number
}

interface Worker {
  readonly worker: number
  readonly freeAt: number
}

/**
 * Plays `jobs` through: each worker takes the next one as soon as it is free, stages are barriers. The last one ends
 * at {@link makespanOf}. Real runs differ as durations do; with equal times the lowest worker goes first.
 *
 * @example
 * scheduleJobs(plan.jobs, 4).filter(({ worker }) => worker === 1)
 */
export function scheduleJobs<J extends Pick<Job, 'expectedMs' | 'stage'>>(
  jobs: readonly J[],
  workers: number,
): ScheduledJob<J>[] {
  let stage = jobs[0]?.stage
  let end = 0
  let idle = idleWorkers(workers, 0)
  return jobs.map((job) => {
    if (job.stage !== stage) {
      stage = job.stage
      idle = idleWorkers(workers, end)
    }
    const { worker, freeAt } = idle.pop() ?? { worker: 1, freeAt: end }
    const freeAgainAt = freeAt + job.expectedMs
    idle.push({ worker, freeAt: freeAgainAt })
    end = Math.max(end, freeAgainAt)
    return { job, worker, startMs: freeAt }
  })
}

function idleWorkers(count: number, freeAt: number): MinHeap<Worker> {
  const idle = createMinHeap<Worker>((a, b) => a.freeAt - b.freeAt || a.worker - b.worker)
  for (let worker = 1; worker <= count; worker++) idle.push({ worker, freeAt })
  return idle
}
