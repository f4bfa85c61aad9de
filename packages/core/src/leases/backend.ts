import type { OwnerState } from './owners.js'
import type { LeaseScope } from './scope.js'
import type { TicketNote } from './ticket-note.js'

/** What a place that keeps leases has to offer: files on this machine now, a server for several machines later. */
export interface LeaseBackend {
  /**
   * Takes a place in the queue and waits for its turn. Once the signal is aborted the place is given up and the promise
   * is rejected with its reason. Without a wait the signal is not asked for: to make one costs.
   */
  take(request: PermitRequest, wait: { readonly signal: AbortSignal }): Promise<Permits>
  /** Takes permits if it is this request's turn at once, without a trace otherwise. */
  tryTake(request: PermitRequest): Promise<Permits | undefined>
  /** @param id all known resources without one */
  status(id?: string): Promise<readonly ResourceStatus[]>
  /** Takes the permits away from everybody who holds them; holders find out when they give them back. @returns whose they were */
  break(id: string): Promise<readonly Participant[]>
  /** Takes a name that nobody waits for. @param name of lower-case letters, digits and hyphens @returns whether it was free */
  tryMark(name: string): Promise<boolean>
  /** Gives a name back. */
  unmark(name: string): Promise<void>
  /** Gives everything back. */
  close(): void
}

export interface PermitRequest {
  /** See {@link resourceId}. */
  readonly id: string
  readonly permits: number | 'all'
  readonly limit: number
  readonly note: TicketNote
}

/** What was taken. */
export interface Permits {
  /** @returns false if somebody had taken them away before */
  release(): Promise<boolean>
}

/** A resource and everybody at it, in the order in which they came. */
export interface ResourceStatus {
  readonly id: string
  /** Undefined if nobody's note can be read. */
  readonly name: string | undefined
  readonly scope: LeaseScope | undefined
  /** Infinity if any number of shared holders may be in. */
  readonly limit: number
  readonly holders: readonly Participant[]
  readonly waiters: readonly Participant[]
}

/** A holder or a waiter. */
export interface Participant {
  readonly pid: number | undefined
  readonly state: OwnerState
  readonly permits: number | 'all'
  /** How long it has held, or waited, ms; undefined if its ticket has just vanished. */
  readonly forMs: number | undefined
  readonly file: string | undefined
  readonly test: string | undefined
  readonly run: string | undefined
  readonly cwd: string | undefined
}
