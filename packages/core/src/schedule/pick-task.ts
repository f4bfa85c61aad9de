import { longestBefore, reserve } from './reservation.js'
import { isFree, type Resource } from './resource.js'
import type { Task } from './task.js'
import type { WaitingTasks } from './waiting-tasks.js'

/** What a choice depends on besides the tasks. */
export interface Moment {
  readonly nowMs: number
  /** What has started and has not ended. */
  readonly running: Iterable<Task>
  /** Whether an idle worker of this batch can be had. */
  readonly hasIdle: (batch: string) => boolean
  readonly switchCostMs: number
}

/**
 * The task that starts now, if one does: the most urgent one. If that has no room, permits are reserved for it, and
 * the most urgent of the others that may go before it starts.
 *
 * Urgent is, in this order, what has the higher priority, the lower rank, and the longer way to go: its own time, the
 * work that is left for its groups over their limits, or that of all that is as heavy, whichever is longest (the
 * critical chain first).
 */
export function pickTask(waiting: WaitingTasks, moment: Moment): Task | undefined {
  const candidates = waiting.heads().filter(isNobodyBlocked)
  const first = mostUrgent(candidates, moment)
  if (first === undefined || hasRoom(first)) return first
  const startable = candidates.filter(hasRoom)
  if (startable.length === 0) return undefined
  const reservation = reserve(first, moment)
  const others = startable.flatMap(({ kind }) => waiting.longestUpTo(longestBefore(kind, reservation), kind) ?? [])
  return mostUrgent(others, moment)
}

/** When leased permits of a group come back is not known, so nothing can be reserved for what waits for those. */
function isNobodyBlocked({ kind }: Task): boolean {
  for (const { resource } of kind.groups) if (resource.blockers > 0) return false
  return true
}

function hasRoom({ kind }: Task): boolean {
  for (const need of kind.needs) if (!isFree(need)) return false
  return true
}

function mostUrgent(tasks: readonly Task[], moment: Moment): Task | undefined {
  let best: Task | undefined
  let mostMs = 0
  for (const task of tasks) {
    const urgencyMs = urgencyOf(task, moment)
    if (best !== undefined && compareUrgency(task, best, mostMs - urgencyMs) >= 0) continue
    best = task
    mostMs = urgencyMs
  }
  return best
}

function compareUrgency(a: Task, b: Task, byUrgency: number): number {
  return (
    b.kind.priority - a.kind.priority ||
    a.kind.rank - b.kind.rank ||
    byUrgency ||
    b.expectedMs - a.expectedMs ||
    a.number - b.number
  )
}

function urgencyOf({ expectedMs, kind, batch }: Task, { hasIdle, switchCostMs }: Moment): number {
  let urgencyMs = Math.max(expectedMs, chainMs(kind.worker))
  for (const need of kind.groups) urgencyMs = Math.max(urgencyMs, need.resource.workLeft.areaMs, chainMs(need))
  // What finds a worker of its batch idle saves the start of another.
  return batch !== undefined && hasIdle(batch) ? urgencyMs + switchCostMs : urgencyMs
}

function chainMs({ resource, permits }: { readonly resource: Resource; readonly permits: number }): number {
  return resource.workLeft.chainMs(permits)
}
