import { isFree } from './resource.js'
import type { Task } from './task.js'

/**
 * The most urgent of what can start. A heavy task that is more urgent than all others but has no room yet keeps
 * lighter ones from taking it.
 */
export function pickTask(
  heads: readonly Task[],
  hasIdleWorker: (batch: string) => boolean,
  switchCostMs: number,
): Task | undefined {
  const bonus = ({ batch }: Task): number => (batch !== undefined && hasIdleWorker(batch) ? switchCostMs : 0)
  const ranked = heads.map((task) => ({ task, urgencyMs: urgencyOf(task) + bonus(task) })).sort(mostUrgentFirst)
  for (const { task } of ranked) {
    if (!task.kind.groups.every(isFree)) continue
    return isFree(task.kind.worker) ? task : undefined
  }
  return undefined
}

interface Ranked {
  readonly task: Task
  readonly urgencyMs: number
}

function mostUrgentFirst(a: Ranked, b: Ranked): number {
  const [one, other] = [a.task.kind, b.task.kind]
  return (
    other.priority - one.priority || one.rank - other.rank || b.urgencyMs - a.urgencyMs || a.task.number - b.task.number
  )
}

/** How long it takes, at least, until all is done that needs this task or comes after it. */
function urgencyOf({ expectedMs, kind }: Task): number {
  return kind.groups.reduce((most, { resource }) => Math.max(most, resource.workLeft / resource.limit), expectedMs)
}
