import { createMinHeap } from './min-heap.js'
import type { Job } from './job.js'

/** What no schedule can beat, and why. */
export interface LowerBound {
  /** `max(total / workers, longest)`, ms. */
  readonly ms: number
  /** The key of the file that sets the bound, or undefined when the total work does. */
  readonly key: string | undefined
}

type Timed = Pick<Job, 'key' | 'expectedMs'>

/** Graham's lower bound on the makespan of `jobs` on `workers` equal workers; fewer than one counts as one. */
export function lowerBoundOf(jobs: readonly Timed[], workers: number): LowerBound {
  let total = 0
  let longest: Timed | undefined
  for (const job of jobs) {
    total += job.expectedMs
    if (longest === undefined || job.expectedMs > longest.expectedMs) longest = job
  }
  const share = total / Math.max(1, workers)
  return longest !== undefined && longest.expectedMs > share
    ? { ms: longest.expectedMs, key: longest.key }
    : { ms: share, key: undefined }
}

/** When the last worker ends if each takes the next of `jobs` as soon as it is free; stages are barriers. Ms. */
export function makespanOf(jobs: readonly Pick<Job, 'expectedMs' | 'stage'>[], workers: number): number {
  let stage = jobs[0]?.stage
  let start = 0
  let end = 0
  let free = createMinHeap<number>((a, b) => a - b)
  let running = 0
  for (const job of jobs) {
    if (job.stage !== stage) {
      stage = job.stage
      start = end
      free = createMinHeap<number>((a, b) => a - b)
      running = 0
    }
    const from = running < workers ? start : (free.pop() ?? start)
    running = Math.min(running + 1, workers)
    free.push(from + job.expectedMs)
    end = Math.max(end, from + job.expectedMs)
  }
  return end
}
