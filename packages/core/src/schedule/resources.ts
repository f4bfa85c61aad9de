import { NO_DEMAND, permitsOf, type Demand } from '../groups/demand.js'
import { createResource, type Need, type Resource } from './resource.js'

/** All that jobs take permits of: the worker slots and the groups. */
export interface Resources {
  readonly workers: Resource
  /** Those that some job named. */
  readonly groups: ReadonlyMap<string, Resource>
  /** What a job takes while it runs: worker slots first, then each of its groups. */
  needsOf(demand: Partial<Demand> | undefined): readonly [Need, ...Need[]]
}

interface Setup {
  readonly workers: number
  readonly limits: ReadonlyMap<string, number>
  readonly leased?: ReadonlySet<string> | undefined
}

export const NO_LIMITS: ReadonlyMap<string, number> = new Map()

/** Fewer workers than one count as one. A group without a limit has one of 1. */
export function createResources({ workers: count, limits, leased }: Setup): Resources {
  const workers = createResource('', Math.max(1, count))
  const groups = new Map<string, Resource>()
  const groupOf = (name: string): Resource => {
    // No more than the workers can ever be taken at once.
    const limit = Math.min(limits.get(name) ?? 1, workers.limit)
    const group = groups.get(name) ?? createResource(name, limit, leased?.has(name))
    groups.set(name, group)
    return group
  }
  const one: Need = { resource: workers, permits: 1 }
  return {
    workers,
    groups,
    needsOf({ groups: members = NO_DEMAND.groups, weight = NO_DEMAND.weight } = NO_DEMAND) {
      const worker = weight === 1 ? one : { resource: workers, permits: permitsOf(weight, workers.limit) }
      const taken = members.map(({ group, mode }) => {
        const resource = groupOf(group)
        return { resource, permits: permitsOf(weight, resource.limit, mode) }
      })
      return [worker, ...taken]
    },
  }
}
