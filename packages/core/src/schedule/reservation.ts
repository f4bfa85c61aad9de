import type { Need, Resource } from './resource.js'
import type { Task } from './task.js'

/** Permits that are kept for a task that has no room yet. */
export interface Reservation {
  readonly task: Task
  /** When there will be room for it, as far as known. */
  readonly atMs: number
  /** What will be left then, besides what it needs itself. */
  readonly spare: ReadonlyMap<Resource, number>
}

interface Running {
  readonly nowMs: number
  readonly running: Iterable<Task>
}

/** A start that avoids idle time is worth this part of the idle time that it causes. */
const AVOIDED_PER_CAUSED = 0.5

/**
 * Finds out when `task` can start, if nothing else does until then: as in EASY backfilling (Lifka 1995), for the most
 * urgent task only.
 */
export function reserve(task: Task, { nowMs, running }: Running): Reservation {
  const free = new Map(task.kind.needs.map(({ resource }) => [resource, resource.free]))
  const ends = Array.from(running, (other) => ({ other, atMs: expectedEnd(other, nowMs) }))
  ends.sort((a, b) => a.atMs - b.atMs || a.other.number - b.other.number)
  let atMs = nowMs
  for (const end of ends) {
    if (task.kind.needs.every(({ resource, permits }) => (free.get(resource) ?? 0) >= permits)) break
    atMs = end.atMs
    for (const { resource, permits } of end.other.kind.needs) {
      free.set(resource, (free.get(resource) ?? resource.free) + permits)
    }
  }
  for (const { resource, permits } of task.kind.needs) free.set(resource, (free.get(resource) ?? 0) - permits)
  return { task, atMs, spare: free }
}

/** What takes longer than expected has, as far as anybody knows, as much before it as behind it. */
function expectedEnd({ startedAtMs, expectedMs }: Task, nowMs: number): number {
  const elapsedMs = nowMs - startedAtMs
  return elapsedMs > expectedMs ? nowMs + elapsedMs : startedAtMs + expectedMs
}

/**
 * Whether `task`, for which there is room, may start before the task of the reservation does. It may if it will be over
 * by then, or takes nothing that is needed then. Otherwise, if both are of one priority and rank, it may if the permits
 * that would be idle until then are worth the delay: waiting for a long file to end with most workers idle costs more
 * than to start the heavy one a little later.
 */
export function mayGoBefore(task: Task, { task: first, atMs, spare }: Reservation, nowMs: number): boolean {
  const waitMs = atMs - nowMs
  const delayMs = task.expectedMs - waitMs
  if (delayMs <= 0) return true
  const contested = first.kind.needs.flatMap((need) => {
    const own = task.kind.needs.find(({ resource }) => resource === need.resource)
    return own !== undefined && own.permits > (spare.get(need.resource) ?? 0) ? [{ own, need }] : []
  })
  if (contested.length === 0) return true
  const isEqual = task.kind.priority === first.kind.priority && task.kind.rank === first.kind.rank
  return isEqual && waitMs > 0 && contested.every(({ own, need }) => isWorth({ own, need, waitMs, delayMs }))
}

interface Trade {
  readonly own: Need
  readonly need: Need
  readonly waitMs: number
  readonly delayMs: number
}

function isWorth({ own, need, waitMs, delayMs }: Trade): boolean {
  const avoided = own.permits * waitMs
  const caused = Math.max(0, need.permits - own.permits) * delayMs
  return avoided * AVOIDED_PER_CAUSED >= caused
}
