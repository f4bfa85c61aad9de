import { NO_DEMAND, permitsOf } from '../groups/demand.js'
import type { Need, Resource } from './resource.js'
import type { SchedulerJob } from './scheduler.js'
import type { Place } from './worker-slots.js'

/** A job on its way: `announced` → `waiting` → `started` → over; `blocked` and `granted` lead back to `started`. */
export interface Task {
  readonly id: string
  readonly expectedMs: number
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
  readonly batch: string | undefined
  readonly worker: Need
  readonly groups: readonly Need[]
}

interface Resources {
  readonly workers: Resource
  readonly group: (name: string) => Resource
}

/** What `job` needs, worked out once. */
export function kindOf(job: SchedulerJob, { workers, group }: Resources): TaskKind {
  const { groups = NO_DEMAND.groups, weight = NO_DEMAND.weight, priority = NO_DEMAND.priority, rank = 0, batch } = job
  const needs = groups.map((member) => {
    const resource = group(member.group)
    return { resource, permits: permitsOf(weight, resource.limit, member.mode) }
  })
  const worker = { resource: workers, permits: permitsOf(weight, workers.limit) }
  const taken = needs.map(({ resource, permits }) => [resource.name, permits])
  const name = JSON.stringify([priority, rank, batch ?? null, worker.permits, taken])
  return { name, priority, rank, batch, worker, groups: needs }
}
