import type { Job } from '../plan/job.js'
import { createMinHeap } from '../plan/min-heap.js'
import type { ScheduledJob } from '../plan/schedule-jobs.js'
import { createScheduler } from './create-scheduler.js'
import type { SchedulerJob, SchedulerSetup } from './scheduler.js'

export interface SimulationSetup extends SchedulerSetup {
  /** Start what failed in its newest run before everything else. @default false */
  readonly failedFirst?: boolean
  /** What a job really takes, ms. @default what is expected */
  readonly durationOf?: (index: number) => number
}

/**
 * Plays the scheduler through, with stages as barriers, as if every job took as long as expected. Equals start in the
 * order in which they are given.
 *
 * @returns the jobs in the order in which they start
 *
 * @example
 * simulate(jobs, { workers: 4, limits: new Map([['postgres', 2]]) }).map(({ job, startMs }) => [job.key, startMs])
 */
export function simulate<J extends Job>(jobs: readonly J[], setup: SimulationSetup): ScheduledJob<J>[] {
  const indices = Array.from(jobs.keys())
  const stageOf = (index: number): number => jobs[index]?.stage ?? 0
  const stages = new Set(indices.map(stageOf))
  const scheduled: ScheduledJob<J>[] = []
  let startMs = 0
  for (const stage of Array.from(stages).sort((a, b) => a - b)) {
    const own = stages.size === 1 ? indices : indices.filter((index) => stageOf(index) === stage)
    startMs = simulateStage(own, { jobs, setup, startMs, scheduled })
  }
  return scheduled
}

interface Stage<J> {
  readonly jobs: readonly J[]
  readonly setup: SimulationSetup
  readonly startMs: number
  /** Takes the jobs as they start. */
  readonly scheduled: ScheduledJob<J>[]
}

interface End {
  readonly id: string
  readonly slot: number
  readonly atMs: number
}

/** @returns when its last job ends */
function simulateStage<J extends Job>(
  indices: readonly number[],
  { jobs, setup, startMs, scheduled }: Stage<J>,
): number {
  const scheduler = createScheduler(setup)
  const ends = createMinHeap<End>((a, b) => a.atMs - b.atMs || a.slot - b.slot)
  const waiting = indices.flatMap((index) => toSchedulerJob(index, jobs, setup))
  let nowMs = startMs
  const apply = (event: Parameters<typeof scheduler.next>[0]): void => {
    const { starts, closes } = scheduler.next(event, nowMs)
    for (const { id, slot } of starts) {
      const job = jobs[Number(id)]
      if (job === undefined) continue
      scheduled.push({ job, worker: slot, startMs: nowMs })
      ends.push({ id, slot, atMs: nowMs + (setup.durationOf?.(Number(id)) ?? job.expectedMs) })
    }
    for (const slot of closes) apply({ type: 'closed', slot })
  }
  apply({ type: 'announced', jobs: waiting })
  apply({ type: 'requested', ids: waiting.map(({ id }) => id) })
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    nowMs = end.atMs
    apply({ type: 'ended', id: end.id, keepsWorker: true })
  }
  return nowMs
}

function toSchedulerJob(index: number, jobs: readonly Job[], { failedFirst = false }: SimulationSetup): SchedulerJob[] {
  const job = jobs[index]
  if (job === undefined) return []
  const { expectedMs, isKnown, batch, hasFailed, demand } = job
  // Keys may be equal: a file in two projects without a name.
  return [{ ...demand, id: `${index}`, expectedMs, isKnown, batch, rank: failedFirst && !hasFailed ? 1 : 0 }]
}
