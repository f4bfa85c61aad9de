import type { LeaseScope } from '../leases/scope.js'

/** A limit with a name: at no moment do its members take more permits than there are. */
export interface Group {
  readonly name: string
  /** How many permits there are, ≥ 1; Infinity if only exclusive members exclude others. */
  readonly limit: number
  readonly scope: LeaseScope
}

/** That a file or a test belongs to a group. */
export interface Membership {
  readonly group: string
  /** `shared` takes as many permits as the member weighs, `exclusive` all of them. */
  readonly mode: 'shared' | 'exclusive'
}

/** What a file needs besides a worker. */
export interface Demand {
  /** In the one order in which everybody takes groups; no group twice. */
  readonly groups: readonly Membership[]
  /** How many permits of each of its groups, and how many worker slots, ≥ 1; more than there are means all. */
  readonly weight: number | 'all'
  /** −100 to 100; higher goes first. */
  readonly priority: number
}

/** What a file needs for which no rule says anything. */
export const NO_DEMAND: Demand = { groups: [], weight: 1, priority: 0 }

/** Whether more decides about when a file starts than whether a worker is free. */
export function isHeldBack({ groups = NO_DEMAND.groups, weight = NO_DEMAND.weight }: Partial<Demand>): boolean {
  return groups.length > 0 || weight !== NO_DEMAND.weight
}

/** Whether a file is limited by more than the workers, or goes before others. */
export function hasDemand({ demand }: { readonly demand?: Demand | undefined }): boolean {
  return demand !== undefined && (isHeldBack(demand) || demand.priority !== NO_DEMAND.priority)
}

/** How many of `limit` permits a member takes. */
export function permitsOf(weight: Demand['weight'], limit: number, mode: Membership['mode'] = 'shared'): number {
  return mode === 'exclusive' || weight === 'all' ? limit : Math.min(weight, limit)
}
