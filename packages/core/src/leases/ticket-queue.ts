import { randomBytes } from 'node:crypto'
import type { PermitRequest, ResourceStatus } from './backend.js'
import { describeMismatch } from './describe.js'
import { unusable } from './lock-dir.js'
import type { Owners } from './owners.js'
import { aheadOf, mustWithdraw, nextAfter, nextNumber, splitQueue } from './queue.js'
import { readStatus } from './read-status.js'
import { isAmong, MAX_NUMBER, type Ticket } from './ticket.js'
import type { TicketDir } from './ticket-dir.js'

/** Somebody who removes files faster than they are made is not a queue. */
const MAX_ATTEMPTS = 1000

/** What a thread is to the queues it stands in. */
export interface QueueMember {
  readonly owners: Owners
  /** Differs for any two tickets of the thread. */
  readonly newUnique: () => string
  /** Tells other threads, or this one, that it may be their turn. */
  readonly wake: (owner: string) => void
}

/** A final place in a queue. */
export interface Place {
  readonly ticket: Ticket
  readonly isIn: boolean
}

/** The line at one resource, as a thread uses it; see queue.ts for the protocol. */
export class TicketQueue {
  readonly id: string
  readonly #dir: TicketDir
  readonly #member: QueueMember
  /** The tickets of this thread. */
  readonly #own = new Set<Ticket>()

  constructor(id: string, dir: TicketDir, member: QueueMember) {
    this.id = id
    this.#dir = dir
    this.#member = member
  }

  /** Takes a final place. @throws HeddleError `HEDDLE_LOCK_DIR_UNUSABLE`, `HEDDLE_LEASE_LIMIT_MISMATCH` */
  join(request: PermitRequest): Place {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const ticket = this.#newTicket(request, attempt)
      this.#dir.create(ticket, request.note)
      this.#own.add(ticket)
      const tickets = this.list()
      if (isAmong(tickets, ticket) && !mustWithdraw(tickets, ticket)) {
        this.#refuseMismatch(tickets, ticket, request)
        return { ticket, isIn: isAmong(splitQueue(tickets).holders, ticket) }
      }
      this.leave(ticket)
    }
    throw unusable(this.#dir.path, 'somebody keeps removing the files in it')
  }

  /** Whether a request would be in at once, by what can be seen now. */
  hasRoomFor({ permits, limit }: PermitRequest): boolean {
    this.reap(this.list())
    const tickets = this.list()
    const ticket = { number: nextNumber(tickets, 0, 0), permits, limit, owner: '', unique: '' }
    return splitQueue([...tickets, ticket]).holders.includes(ticket)
  }

  list(): Ticket[] {
    return this.#dir.list()
  }

  /** Gives a place up, whosever it is. @returns whether it was there */
  leave(ticket: Ticket): boolean {
    this.#own.delete(ticket)
    const wasThere = this.#dir.remove(ticket)
    this.#wakeNext(ticket)
    return wasThere
  }

  /** {@link leave} where nothing can be done about a failure. */
  tryLeave(ticket: Ticket): void {
    try {
      this.leave(ticket)
    } catch {
      // The end of the thread frees it.
    }
  }

  /** Whether this thread has not given the ticket back. */
  isOwn(ticket: Ticket): boolean {
    return this.#own.has(ticket)
  }

  /** The ticket's turn has come. */
  markHeld(ticket: Ticket): void {
    this.#dir.markHeld(ticket)
  }

  /** Removes the tickets of the dead. @returns whether there were any */
  reap(tickets: readonly Ticket[]): boolean {
    const gone = tickets.filter(({ owner }) => this.#isGone(owner))
    for (const ticket of gone) this.tryLeave(ticket)
    return gone.length > 0
  }

  /** Removes the tickets of the dead, and the queue if nobody is left. */
  sweep(): void {
    this.reap(this.list())
    this.#dir.removeIfEmpty()
  }

  status(): ResourceStatus {
    return readStatus(this.id, this.#dir, this.#member.owners)
  }

  /** Gives back all that this thread has here, and removes what nobody uses. */
  close(): void {
    for (const ticket of this.#own) this.tryLeave(ticket)
    this.#dir.removeIfEmpty()
  }

  #newTicket({ permits, limit }: PermitRequest, attempt: number): Ticket {
    const { owners, newUnique } = this.#member
    return { number: this.#nextNumber(attempt), permits, limit, owner: owners.self, unique: newUnique() }
  }

  /** Only a forged ticket can use the numbers up; it is of no consequence if its owner is gone. */
  #nextNumber(attempt: number): number {
    const tickets = this.list()
    const number = nextNumber(tickets, attempt, Math.random())
    if (number <= MAX_NUMBER) return number
    this.reap(tickets)
    const living = tickets.filter(({ owner }) => !this.#isGone(owner))
    const lowest = nextNumber(living, 0, 0)
    if (lowest <= MAX_NUMBER) return lowest
    throw unusable(this.#dir.path, `a ticket has the number ${lowest - 1}, which heddle never gives`)
  }

  /** All living tickets of a resource have the same limit: each later one is compared with those before it. */
  #refuseMismatch(tickets: readonly Ticket[], own: Ticket, request: PermitRequest): void {
    const other = aheadOf(tickets, own).find(({ limit, owner }) => limit !== own.limit && !this.#isGone(owner))
    if (other === undefined) return
    const { holders, waiters } = this.status()
    this.leave(own)
    throw describeMismatch(request, other.limit, [...holders, ...waiters])
  }

  #isGone(owner: string): boolean {
    return this.#member.owners.stateOf(owner) === 'gone'
  }

  /** Whoever is not told, finds out by looking. */
  #wakeNext(gone: Ticket): void {
    try {
      const owners = new Set(nextAfter(this.list(), gone).map(({ owner }) => owner))
      for (const owner of owners) this.#member.wake(owner)
    } catch {
      // The ticket is gone, which is what counts.
    }
  }
}

/** Names for the tickets of one thread, also if it has loaded this module several times. */
export function createUniqueNames(): () => string {
  const instance = randomBytes(5).toString('hex')
  let count = 0
  return () => `${instance}${(count++).toString(36)}`
}
