import type { Need } from './resource.js'
import type { Resources } from './resources.js'
import type { SchedulerJob } from './scheduler.js'
import type { Place } from './worker-slots.js'

/** A job on its way: `announced` → `waiting` → `started` → `over`; from `blocked` and `granted` back to `started`. */
export interface Task {
  readonly id: string
  readonly expectedMs: number
  /** Whether that was measured. */
  readonly isKnown: boolean
  readonly batch: string | undefined
  /** Among all that were ever announced. */
  readonly number: number
  readonly kind: TaskKind
  state: 'announced' | 'waiting' | 'started' | 'blocked' | 'granted' | 'over'
  startedAtMs: number
  place: Place | undefined
  groupSlots: Readonly<Record<string, number>>
}

/** What tasks have in common that differ in their durations only. */
export interface TaskKind {
  /** Equal for tasks of one kind. */
  readonly name: string
  readonly priority: number
  readonly rank: number
  readonly worker: Need
  readonly groups: readonly Need[]
  /** The worker and the groups. */
  readonly needs: readonly Need[]
}

/** What `job` needs, worked out once. */
export function kindOf(job: SchedulerJob, resources: Resources): TaskKind {
  const { priority = 0, rank = 0, batch = null } = job
  const needs = resources.needsOf(job)
  const [worker, ...groups] = needs
  const taken = groups.map(({ resource, permits }) => [resource.name, permits])
  const name = JSON.stringify([priority, rank, batch, worker.permits, taken])
  return { name, priority, rank, worker, groups, needs }
}
