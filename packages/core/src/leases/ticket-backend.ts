import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { LeaseBackend, Participant, PermitRequest, Permits, ResourceStatus } from './backend.js'
import { readdirSync, soon, startTimer, stopTimer } from './captured.js'
import { describeMismatch } from './describe.js'
import { openLockDir, unusable } from './lock-dir.js'
import { Mailbox } from './mailbox.js'
import { openOwners, type Owners } from './owners.js'
import { aheadOf, mustWithdraw, nextAfter, nextNumber, splitQueue } from './queue.js'
import { isResourceId } from './resource.js'
import { readStatus } from './read-status.js'
import { isSameTicket, MAX_NUMBER, type Ticket } from './ticket.js'
import { TicketDir } from './ticket-dir.js'

/** How often the first in line looks whether the holders still live, ms. Those behind it look less often. */
const POLL_MS = 25
const MAX_POLL_MS = 400

/** Somebody who removes files faster than they are made is not a queue. */
const MAX_ATTEMPTS = 1000

/** A final place in the queue. */
interface Place {
  readonly ticket: Ticket
  readonly isIn: boolean
}

interface Wait {
  readonly dir: TicketDir
  readonly request: PermitRequest
  ticket: Ticket
  timer: ReturnType<typeof startTimer> | undefined
  readonly resolve: (permits: Permits) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Leases as files on this machine, one queue of tickets per resource; see queue.ts for the protocol. Nothing is freed by
 * time: a ticket counts until its owner removes it or the operating system says that the owner is gone.
 */
export class TicketBackend implements LeaseBackend {
  readonly #lockDir: string
  readonly #instance = randomBytes(5).toString('hex')
  readonly #dirs = new Map<string, TicketDir>()
  /** Every ticket of this backend, held or waiting. */
  readonly #tickets = new Map<Ticket, TicketDir>()
  readonly #waits = new Set<Wait>()
  readonly #atExit = (): void => this.close()
  #tools: { readonly owners: Owners; readonly mailbox: Mailbox } | undefined
  #count = 0

  /** @param lockDir see {@link findLockDir}; opened on first use */
  constructor(lockDir: string) {
    this.#lockDir = lockDir
  }

  async take(request: PermitRequest, signal: AbortSignal): Promise<Permits> {
    signal.throwIfAborted()
    const dir = this.#dirOf(request.id)
    const { ticket, isIn } = this.#join(dir, request)
    return isIn ? this.#permits(dir, ticket) : this.#wait(dir, request, ticket, signal)
  }

  async tryTake(request: PermitRequest): Promise<Permits | undefined> {
    const dir = this.#dirOf(request.id)
    this.#reap(dir, dir.list())
    if (!wouldFit(dir.list(), request)) return undefined
    const { ticket, isIn } = this.#join(dir, request)
    if (isIn) return this.#permits(dir, ticket)
    this.#leave(dir, ticket)
    return undefined
  }

  async status(id?: string): Promise<ResourceStatus[]> {
    const { owners } = this.#open()
    const ids = id === undefined ? readdirOrEmpty(this.#queuesDir).filter(isResourceId) : [id]
    return ids.map((one) => readStatus(one, this.#dirOf(one), owners))
  }

  async break(id: string): Promise<readonly Participant[]> {
    const { owners } = this.#open()
    const dir = this.#dirOf(id)
    // The dead are not shown, so they must not stand before those who are.
    this.#reap(dir, dir.list())
    const status = readStatus(id, dir, owners)
    for (const ticket of splitQueue(dir.list()).holders) this.#leave(dir, ticket)
    return status.holders
  }

  /** Also at the end of the process: those who wait go on at once. */
  close(): void {
    process.off('exit', this.#atExit)
    for (const wait of this.#waits) wait.reject(new Error('The leases of this thread were closed while it waited'))
    for (const [ticket, dir] of this.#tickets) this.#tryLeave(dir, ticket)
    for (const dir of this.#dirs.values()) dir.removeIfEmpty()
    this.#dirs.clear()
    this.#tools?.mailbox.close()
    this.#tools?.owners.close()
    this.#tools = undefined
  }

  get #queuesDir(): string {
    return join(this.#lockDir, 'v1', 'queues')
  }

  #open(): { readonly owners: Owners; readonly mailbox: Mailbox } {
    if (this.#tools !== undefined) return this.#tools
    openLockDir(this.#lockDir)
    const owners = openOwners(join(this.#lockDir, 'v1', 'owners'))
    owners.sweep()
    const mailbox = new Mailbox(join(this.#lockDir, 'v1', 'mail'), owners, () => this.#wake())
    process.once('exit', this.#atExit)
    return (this.#tools = { owners, mailbox })
  }

  #dirOf(id: string): TicketDir {
    this.#open()
    const dir = this.#dirs.get(id) ?? new TicketDir(join(this.#queuesDir, id))
    this.#dirs.set(id, dir)
    return dir
  }

  /** Takes a final place in the queue. */
  #join(dir: TicketDir, request: PermitRequest): Place {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const ticket = this.#newTicket(request, this.#nextNumber(dir, attempt))
      dir.create(ticket, request.note)
      this.#tickets.set(ticket, dir)
      const tickets = dir.list()
      if (isAmong(tickets, ticket) && !mustWithdraw(tickets, ticket)) {
        this.#refuseMismatch(dir, tickets, ticket, request)
        return { ticket, isIn: isAmong(splitQueue(tickets).holders, ticket) }
      }
      this.#leave(dir, ticket)
    }
    throw unusable(dir.path, 'somebody keeps removing the files in it')
  }

  /** Only a forged ticket can use the numbers up; it is of no consequence if its owner is gone. */
  #nextNumber(dir: TicketDir, attempt: number): number {
    const { owners } = this.#open()
    const tickets = dir.list()
    const number = nextNumber(tickets, attempt, Math.random())
    if (number <= MAX_NUMBER) return number
    this.#reap(dir, tickets)
    const lowest = nextNumber(
      tickets.filter(({ owner }) => owners.stateOf(owner) !== 'gone'),
      0,
      0,
    )
    if (lowest <= MAX_NUMBER) return lowest
    throw unusable(this.#lockDir, `a ticket has the number ${lowest - 1}, which heddle never gives`)
  }

  #newTicket({ permits, limit }: PermitRequest, number: number): Ticket {
    const { owners } = this.#open()
    return { number, permits, limit, owner: owners.self, unique: `${this.#instance}${(this.#count++).toString(36)}` }
  }

  /** All living tickets of a resource have the same limit: each later one is compared with those before it. */
  #refuseMismatch(dir: TicketDir, tickets: readonly Ticket[], own: Ticket, request: PermitRequest): void {
    const { owners } = this.#open()
    const other = aheadOf(tickets, own).find(
      ({ limit, owner }) => limit !== own.limit && owners.stateOf(owner) !== 'gone',
    )
    if (other === undefined) return
    const status = readStatus(request.id, dir, owners)
    this.#leave(dir, own)
    throw describeMismatch(request, other.limit, [...status.holders, ...status.waiters])
  }

  #permits(dir: TicketDir, ticket: Ticket): Permits {
    // close() has given back what is not known any more.
    return { release: async () => !this.#tickets.has(ticket) || this.#leave(dir, ticket) }
  }

  /** @returns whether the ticket was there */
  #leave(dir: TicketDir, ticket: Ticket): boolean {
    this.#tickets.delete(ticket)
    const wasThere = dir.remove(ticket)
    this.#notifyNext(dir, ticket)
    return wasThere
  }

  #tryLeave(dir: TicketDir, ticket: Ticket): void {
    try {
      this.#leave(dir, ticket)
    } catch {
      // The end of the process frees it.
    }
  }

  /** Whoever is not told, finds out by looking. */
  #notifyNext(dir: TicketDir, gone: Ticket): void {
    const { owners, mailbox } = this.#open()
    try {
      for (const owner of new Set(nextAfter(dir.list(), gone).map((ticket) => ticket.owner))) {
        if (owner === owners.self) soon(() => this.#wake())
        else mailbox.send(owner)
      }
    } catch {
      // The ticket is gone, which is what counts.
    }
  }

  #wait(dir: TicketDir, request: PermitRequest, ticket: Ticket, signal: AbortSignal): Promise<Permits> {
    this.#open().mailbox.open()
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waits.delete(wait)
        stopTimer(wait.timer)
        signal.removeEventListener('abort', onAbort)
      }
      const onAbort = (): void => {
        this.#tryLeave(wait.dir, wait.ticket)
        wait.reject(signal.reason)
      }
      const wait: Wait = {
        dir,
        request,
        ticket,
        timer: undefined,
        resolve: (permits) => {
          end()
          resolve(permits)
        },
        reject: (reason) => {
          end()
          reject(reason)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waits.add(wait)
      this.#look(wait)
    })
  }

  /** A letter came, or a neighbour in this thread left. */
  #wake(): void {
    for (const wait of this.#waits) this.#step(wait, () => void this.#admitIfIn(wait, wait.dir.list()))
  }

  /** Looks for itself: whoever died ahead is removed. The further back, the less often. */
  #look(wait: Wait): void {
    this.#step(wait, () => {
      const tickets = wait.dir.list()
      const hasReaped = this.#reap(wait.dir, aheadOf(tickets, wait.ticket))
      const waiters = this.#admitIfIn(wait, hasReaped ? wait.dir.list() : tickets)
      if (waiters === undefined) return
      const place = waiters.findIndex((other) => isSameTicket(other, wait.ticket))
      wait.timer = startTimer(() => this.#look(wait), Math.min(POLL_MS * (place + 1), MAX_POLL_MS))
    })
  }

  #step(wait: Wait, step: () => void): void {
    try {
      step()
    } catch (error) {
      this.#tryLeave(wait.dir, wait.ticket)
      wait.reject(error)
    }
  }

  /** @returns the waiters, if it is still one of them */
  #admitIfIn(wait: Wait, tickets: readonly Ticket[]): readonly Ticket[] | undefined {
    if (!isAmong(tickets, wait.ticket)) {
      // Somebody removed the ticket. A waiter only loses its place by that.
      this.#tickets.delete(wait.ticket)
      wait.ticket = this.#join(wait.dir, wait.request).ticket
      return this.#admitIfIn(wait, wait.dir.list())
    }
    const { holders, waiters } = splitQueue(tickets)
    if (!isAmong(holders, wait.ticket)) return waiters
    wait.dir.markHeld(wait.ticket)
    wait.resolve(this.#permits(wait.dir, wait.ticket))
    return undefined
  }

  /** Removes the tickets of the dead. @returns whether there were any */
  #reap(dir: TicketDir, tickets: readonly Ticket[]): boolean {
    const { owners } = this.#open()
    const gone = tickets.filter(({ owner }) => owners.stateOf(owner) === 'gone')
    for (const ticket of gone) this.#tryLeave(dir, ticket)
    return gone.length > 0
  }
}

function isAmong(tickets: readonly Ticket[], ticket: Ticket): boolean {
  return tickets.some((other) => isSameTicket(other, ticket))
}

function wouldFit(tickets: readonly Ticket[], { permits, limit }: PermitRequest): boolean {
  const own: Ticket = { number: nextNumber(tickets, 0, 0), permits, limit, owner: '', unique: '' }
  return splitQueue([...tickets, own]).holders.includes(own)
}

function readdirOrEmpty(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
