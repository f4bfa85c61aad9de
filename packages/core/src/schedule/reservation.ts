import type { Need, Resource } from './resource.js'
import type { Task, TaskKind } from './task.js'

/** Permits that are kept for a task that has no room yet. */
export interface Reservation {
  readonly kind: TaskKind
  /** How long it takes, as far as known, until there is room for it. */
  readonly waitMs: number
  /** Whether the durations of all that it waits for were measured. */
  readonly isKnown: boolean
  /** What will be left then, besides what it needs itself. */
  readonly spare: ReadonlyMap<Resource, number>
}

interface Running {
  readonly nowMs: number
  readonly running: Iterable<Task>
}

/** A start that avoids idle time is worth this part of the idle time that it causes. */
const CAUSED_PER_AVOIDED = 0.4

/**
 * Finds out when `task` can start, if nothing else does until then: as in EASY backfilling (Lifka 1995), for the most
 * urgent task only.
 */
export function reserve({ kind }: Task, { nowMs, running }: Running): Reservation {
  const free = new Map(kind.needs.map(({ resource }) => [resource, resource.free]))
  const ends = Array.from(running, (task) => ({ task, waitMs: expectedRestMs(task, nowMs) }))
  ends.sort((a, b) => a.waitMs - b.waitMs || a.task.number - b.task.number)
  let waitMs = 0
  let isKnown = true
  for (const end of ends) {
    if (kind.needs.every(({ resource, permits }) => (free.get(resource) ?? 0) >= permits)) break
    waitMs = end.waitMs
    isKnown &&= end.task.isKnown
    for (const { resource, permits } of end.task.kind.needs) {
      const before = free.get(resource)
      if (before !== undefined) free.set(resource, before + permits)
    }
  }
  for (const { resource, permits } of kind.needs) free.set(resource, (free.get(resource) ?? 0) - permits)
  return { kind, waitMs, isKnown, spare: free }
}

/** What takes longer than expected has, as far as anybody knows, as much before it as behind it. */
function expectedRestMs({ startedAtMs, expectedMs }: Task, nowMs: number): number {
  const elapsedMs = nowMs - startedAtMs
  return elapsedMs > expectedMs ? elapsedMs : expectedMs - elapsedMs
}

/**
 * How long a task of this kind, for which there is room, may take to start before the task of the reservation does. No
 * matter how long, if it takes nothing that is needed then. Otherwise it must be over by then; or a little later, if
 * both are of one priority and rank and the permits that would be idle are worth the delay: to wait for a long file with
 * most workers idle costs more than to start the heavy one somewhat later. Where the wait is a guess nothing is kept idle for
 * it, except for a higher priority or a lower rank.
 */
export function longestBefore(kind: TaskKind, { kind: first, waitMs, isKnown, spare }: Reservation): number {
  const isEqual = kind.priority === first.priority && kind.rank === first.rank
  if (isEqual && !isKnown) return Infinity
  let longestMs = Infinity
  for (const need of first.needs) {
    const own = kind.needs.find(({ resource }) => resource === need.resource)
    if (own === undefined || own.permits <= (spare.get(need.resource) ?? 0)) continue
    longestMs = Math.min(longestMs, waitMs + (isEqual ? worthwhileDelayMs(own, need, waitMs) : 0))
  }
  return longestMs
}

/** For how long permits that are free already may be idle then, for others not to be idle until then. */
function worthwhileDelayMs(own: Need, need: Need, waitMs: number): number {
  if (waitMs === 0) return 0
  const idle = need.permits - own.permits
  return idle <= 0 ? Infinity : (CAUSED_PER_AVOIDED * own.permits * waitMs) / idle
}
