import { createNumbers, type Numbers } from './numbers.js'

/** Something of which there are so many permits: a group, or the worker slots. */
export interface Resource {
  readonly name: string
  readonly limit: number
  readonly isLeased: boolean
  readonly slots: Numbers
  free: number
  /** How many blocked jobs wait for its leased permits; meanwhile nothing else takes any. */
  blockers: number
  /** Permits × ms of the jobs that have not started. */
  workLeft: number
}

/** Permits of one resource that a job takes, ≥ 1. */
export interface Need {
  readonly resource: Resource
  readonly permits: number
}

export function createResource(name: string, limit: number, isLeased = false): Resource {
  return { name, limit, isLeased, slots: createNumbers(), free: limit, blockers: 0, workLeft: 0 }
}

export function isFree({ resource, permits }: Need): boolean {
  return resource.free >= permits && resource.blockers === 0
}

export function takePermits(needs: readonly Need[]): void {
  for (const { resource, permits } of needs) resource.free -= permits
}

export function givePermits(needs: readonly Need[]): void {
  for (const { resource, permits } of needs) resource.free += permits
}
