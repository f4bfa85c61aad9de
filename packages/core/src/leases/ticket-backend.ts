import { join } from 'node:path'
import type { LeaseBackend, Participant, PermitRequest, Permits, ResourceStatus } from './backend.js'
import { readdirSync, soon, startTimer, stopTimer } from './captured.js'
import { openLockDir } from './lock-dir.js'
import { Mailbox } from './mailbox.js'
import { openOwners, type Owners } from './owners.js'
import { aheadOf, splitQueue } from './queue.js'
import { Marks } from './marks.js'
import { isResourceId, resourceId } from './resource.js'
import { sweep } from './sweep.js'
import { isAmong, isSameTicket, type Ticket } from './ticket.js'
import { TicketDir } from './ticket-dir.js'
import { createUniqueNames, TicketQueue } from './ticket-queue.js'

/** How often the first in line looks whether the holders still live, ms. Those behind it look less often. */
const POLL_MS = 40
const MAX_POLL_MS = 400

/** Held by who removes the marks of the dead. */
const ALONE: PermitRequest = {
  id: resourceId({ name: 'marks', scope: 'machine' }, { root: '' }),
  permits: 'all',
  limit: Infinity,
  note: { name: 'marks', scope: 'machine' },
}

interface Wait {
  readonly queue: TicketQueue
  readonly request: PermitRequest
  ticket: Ticket
  timer: ReturnType<typeof startTimer> | undefined
  readonly resolve: (permits: Permits) => void
  readonly reject: (reason: unknown) => void
}

/** What is there once the lock directory has been opened. */
interface Opened {
  readonly owners: Owners
  readonly mailbox: Mailbox
  readonly queues: Map<string, TicketQueue>
  readonly marks: Marks
  /** Once is enough for a thread that waits; who looks at everything wants it clean. */
  hasSwept: boolean
}

/**
 * Leases as files on this machine, one queue of tickets per resource; see queue.ts for the protocol. Nothing is freed by
 * time: a ticket counts until its owner removes it or the operating system says that the owner is gone.
 */
export class TicketBackend implements LeaseBackend {
  readonly #lockDir: string
  readonly #newUnique = createUniqueNames()
  readonly #waits = new Set<Wait>()
  readonly #atExit = (): void => this.close()
  #opened: Opened | undefined

  /** @param lockDir see {@link findLockDir}; opened on first use */
  constructor(lockDir: string) {
    this.#lockDir = lockDir
  }

  async take(request: PermitRequest, wait: { readonly signal: AbortSignal }): Promise<Permits> {
    const queue = this.#queueOf(request.id)
    const { ticket, isIn } = queue.join(request)
    return isIn ? permitsOf(queue, ticket) : this.#wait(queue, request, ticket, wait.signal)
  }

  async tryTake(request: PermitRequest): Promise<Permits | undefined> {
    const queue = this.#queueOf(request.id)
    if (!queue.hasRoomFor(request)) return undefined
    const { ticket, isIn } = queue.join(request)
    if (isIn) return permitsOf(queue, ticket)
    queue.leave(ticket)
    return undefined
  }

  async status(id?: string): Promise<ResourceStatus[]> {
    if (id !== undefined) return [this.#queueOf(id).status()]
    this.#sweep()
    return [...this.#allQueues().map((queue) => queue.status()), ...this.#open().marks.status()]
  }

  async break(id: string): Promise<readonly Participant[]> {
    const marked = this.#open().marks.break(id)
    if (marked.length > 0) return marked
    const queue = this.#queueOf(id)
    // The dead are not shown, so they must not stand before those who are.
    queue.reap(queue.list())
    const { holders } = queue.status()
    for (const ticket of splitQueue(queue.list()).holders) queue.leave(ticket)
    return holders
  }

  async tryMark(name: string): Promise<boolean> {
    const { marks } = this.#open()
    if (marks.put(name)) return true
    if (!marks.isOfDead(name)) return false
    this.#sweepMarks()
    return marks.put(name)
  }

  async unmark(name: string): Promise<void> {
    this.#opened?.marks.remove(name)
  }

  /** Also at the end of the process: those who wait go on at once. */
  close(): void {
    process.off('exit', this.#atExit)
    for (const wait of this.#waits) wait.reject(new Error('The leases of this thread were closed while it waited'))
    for (const queue of this.#opened?.queues.values() ?? []) queue.close()
    this.#opened?.marks.close()
    this.#opened?.mailbox.close()
    this.#opened?.owners.close()
    this.#opened = undefined
  }

  get #queuesDir(): string {
    return join(this.#lockDir, 'v1', 'queues')
  }

  get #mailDir(): string {
    return join(this.#lockDir, 'v1', 'mail')
  }

  #open(): Opened {
    if (this.#opened !== undefined) return this.#opened
    openLockDir(this.#lockDir)
    const owners = openOwners(join(this.#lockDir, 'v1', 'owners'))
    const mailbox = new Mailbox(this.#mailDir, owners, () => this.#wake())
    process.once('exit', this.#atExit)
    const marks = new Marks(join(this.#lockDir, 'v1', 'marks'), owners)
    return (this.#opened = { owners, mailbox, queues: new Map(), marks, hasSwept: false })
  }

  #queueOf(id: string): TicketQueue {
    const { queues } = this.#open()
    const queue = queues.get(id) ?? this.#openQueue(id)
    queues.set(id, queue)
    return queue
  }

  /** Those that this thread has never asked for are not kept. */
  #allQueues(): TicketQueue[] {
    const { queues } = this.#open()
    const ids = readdirOrEmpty(this.#queuesDir).filter(isResourceId)
    return ids.map((id) => queues.get(id) ?? this.#openQueue(id))
  }

  #openQueue(id: string): TicketQueue {
    const { owners, mailbox } = this.#open()
    const wake = (owner: string): void => (owner === owners.self ? soon(() => this.#wake()) : mailbox.send(owner))
    const dir = new TicketDir(join(this.#queuesDir, id))
    return new TicketQueue(id, dir, { owners, newUnique: this.#newUnique, wake })
  }

  #sweep(): void {
    const opened = this.#open()
    opened.hasSwept = true
    sweep({ owners: opened.owners, mailDir: this.#mailDir, queues: this.#allQueues() })
    if (opened.marks.hasDead()) this.#sweepMarks()
  }

  /** Alone: between a look at a mark and its removal, nobody else may remove it and let a third one in. */
  #sweepMarks(): void {
    const queue = this.#queueOf(ALONE.id)
    const { ticket, isIn } = queue.join(ALONE)
    try {
      if (isIn) this.#open().marks.sweep()
    } finally {
      queue.leave(ticket)
    }
  }

  #wait(queue: TicketQueue, request: PermitRequest, ticket: Ticket, signal: AbortSignal): Promise<Permits> {
    const opened = this.#open()
    opened.mailbox.open()
    const granted = new Promise<Permits>((resolve, reject) => {
      const end = (): void => {
        this.#waits.delete(wait)
        stopTimer(wait.timer)
        signal.removeEventListener('abort', onAbort)
      }
      const wait: Wait = {
        queue,
        request,
        ticket,
        timer: undefined,
        resolve(permits) {
          end()
          resolve(permits)
        },
        reject(reason) {
          end()
          queue.tryLeave(wait.ticket)
          reject(reason)
        },
      }
      const onAbort = (): void => wait.reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waits.add(wait)
      if (signal.aborted) onAbort()
      else this.#look(wait)
    })
    // After it is in line: nobody has to wait for that.
    if (!opened.hasSwept) this.#sweep()
    return granted
  }

  /** A letter came, or a neighbour in this thread left. */
  #wake(): void {
    for (const wait of this.#waits) this.#step(wait, () => void this.#admitIfIn(wait, wait.queue.list()))
  }

  /** Looks for itself: whoever died ahead is removed. The further back, the less often. */
  #look(wait: Wait): void {
    this.#step(wait, () => {
      const tickets = wait.queue.list()
      const hasReaped = wait.queue.reap(aheadOf(tickets, wait.ticket))
      const waiters = this.#admitIfIn(wait, hasReaped ? wait.queue.list() : tickets)
      if (waiters === undefined) return
      const place = waiters.findIndex((other) => isSameTicket(other, wait.ticket))
      wait.timer = startTimer(() => this.#look(wait), Math.min(POLL_MS * (place + 1), MAX_POLL_MS))
    })
  }

  #step(wait: Wait, step: () => void): void {
    try {
      step()
    } catch (error) {
      wait.reject(error)
    }
  }

  /** @returns the waiters, if it is still one of them */
  #admitIfIn(wait: Wait, tickets: readonly Ticket[]): readonly Ticket[] | undefined {
    if (!isAmong(tickets, wait.ticket)) {
      // Somebody removed the ticket. A waiter only loses its place by that.
      wait.ticket = wait.queue.join(wait.request).ticket
      return this.#admitIfIn(wait, wait.queue.list())
    }
    const { holders, waiters } = splitQueue(tickets)
    if (!isAmong(holders, wait.ticket)) return waiters
    wait.queue.markHeld(wait.ticket)
    wait.resolve(permitsOf(wait.queue, wait.ticket))
    return undefined
  }
}

/** What closing has given back is not given back again. */
function permitsOf(queue: TicketQueue, ticket: Ticket): Permits {
  return { release: async () => !queue.isOwn(ticket) || queue.leave(ticket) }
}

function readdirOrEmpty(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
