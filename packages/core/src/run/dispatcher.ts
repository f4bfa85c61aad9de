import { reasonOf } from '../errors.js'
import type { Membership } from '../groups/demand.js'
import { acquireGroups, tryAcquireGroups, type GroupClaim, type HeldGroups } from '../groups/group-lease.js'
import { monotonicClock } from '../leases/captured.js'
import type { Leases } from '../leases/leases.js'
import { createScheduler } from '../schedule/create-scheduler.js'
import type { Scheduler, SchedulerEvent, SchedulerJob, SchedulerSetup, Start } from '../schedule/scheduler.js'

/** A file as the dispatcher sees it. */
export interface DispatchJob extends SchedulerJob {
  /** As people know it: shown by `heddle locks`. @default the id */
  readonly label?: string | undefined
  /** What it takes of groups that other processes use as well. @default nothing */
  readonly claims?: readonly GroupClaim[] | undefined
  /** What it is scheduled as a member of without being one: its tests will take that for themselves. @default nothing */
  readonly hints?: readonly Membership[] | undefined
}

export interface DispatcherSetup extends SchedulerSetup {
  /** Asked for when the first leased group is needed. */
  readonly leases: () => Leases
  /** Takes one line for people. */
  readonly print: (line: string) => void
  /** Ends a worker that was kept: nothing is left for it. {@link Dispatcher.closed} is to be told when it has gone. */
  readonly closeWorker?: (slot: number) => void
}

/** That a file may start, and where. Until its end it counts as running. */
export interface Admission extends Start {
  /** The file is over, and so is its worker, unless it stays for another file of its batch. Safe to call twice. */
  end(options?: { readonly keepsWorker?: boolean }): Promise<void>
}

/** A file between its request and its admission. */
interface Request {
  readonly job: DispatchJob
  readonly admit: (admission: Admission | undefined) => void
  readonly fail: (error: unknown) => void
  /** Ends the wait for what other processes hold. */
  readonly waits: AbortController
  /** What has been taken for it while it waited. */
  held: HeldGroups | undefined
}

/**
 * Starts the files of a run. The {@link Scheduler} decides; this takes the leases of groups that are shared with other
 * processes before a file starts, so that a busy group never occupies a worker.
 *
 * A file may be announced again after its end, as watch mode does.
 *
 * @example
 * dispatcher.announce(jobs)
 * const admission = await dispatcher.request(job.id)
 * if (admission !== undefined) {
 *   await runFile(job, admission.slot)
 *   await admission.end()
 * }
 */
export class Dispatcher {
  readonly #setup: DispatcherSetup
  readonly #scheduler: Scheduler
  readonly #announced = new Map<string, DispatchJob>()
  readonly #requests = new Map<string, Request>()
  /** Those whose leases are being tried. */
  readonly #taking = new Set<string>()
  #leases: Leases | undefined
  #fresh: string[] = []

  constructor(setup: DispatcherSetup) {
    this.#setup = setup
    this.#scheduler = createScheduler(setup)
  }

  /** These files will be requested; until then they count as work that is left. */
  announce(jobs: readonly DispatchJob[]): void {
    for (const job of jobs) this.#announced.set(job.id, job)
    this.#tell({ type: 'announced', jobs: jobs.map(withHints) })
  }

  /**
   * Asks to start a file that was announced. What is asked for in one turn of the event loop is decided on together.
   *
   * @returns undefined if it was withdrawn
   * @throws HeddleError what {@link Leases.acquire} throws, but no time-out: this wait has no limit
   */
  request(id: string): Promise<Admission | undefined> {
    const job = this.#announced.get(id)
    if (job === undefined) return Promise.reject(new Error(`Nobody announced "${id}"`))
    return new Promise((admit, fail) => {
      this.#requests.set(id, { job, admit, fail, waits: new AbortController(), held: undefined })
      if (this.#fresh.push(id) === 1) setImmediate(() => this.#flush())
    })
  }

  /** These files are not wanted any more. What has been admitted goes on until its end. */
  withdraw(ids: readonly string[]): void {
    const wanted = ids.filter((id) => this.#announced.delete(id))
    const requests = wanted.flatMap((id) => this.#takeRequest(id) ?? [])
    // One that is taking its leases right now counts as started, and ends itself.
    this.#tell({ type: 'withdrawn', ids: wanted.filter((id) => !this.#taking.has(id)) })
    for (const { waits, held, admit } of requests) {
      waits.abort()
      void this.#giveBack(held)
      admit(undefined)
    }
  }

  /** A worker that was to be closed has gone, so its slot is free. */
  closed(slot: number): void {
    this.#tell({ type: 'closed', slot })
  }

  /** Ends all waits, at the end of a run. */
  close(): void {
    this.withdraw([...this.#announced.keys()])
  }

  #flush(): void {
    const ids = this.#fresh.filter((id) => this.#requests.has(id))
    this.#fresh = []
    this.#tell({ type: 'requested', ids })
  }

  #tell(event: SchedulerEvent): void {
    const { starts, closes } = this.#scheduler.next(event, monotonicClock())
    for (const slot of closes) this.#setup.closeWorker?.(slot)
    for (const start of starts) this.#start(start)
  }

  #start(start: Start): void {
    const request = this.#requests.get(start.id)
    const { held, job } = request ?? {}
    if (held !== undefined || job?.claims === undefined || job.claims.length === 0) this.#admit(start, held)
    else void this.#take(start, job)
  }

  /** Takes the leases at once, or stands in line for them while others use the worker. */
  async #take(start: Start, job: DispatchJob): Promise<void> {
    const { id } = start
    this.#taking.add(id)
    try {
      const held = await tryAcquireGroups(this.#openLeases(), job.claims ?? [], labelOf(job))
      this.#taking.delete(id)
      if (held !== undefined) return this.#admit(start, held)
    } catch (error) {
      this.#taking.delete(id)
      return this.#refuse(id, error)
    }
    if (!this.#requests.has(id)) return this.#tell({ type: 'ended', id, keepsWorker: false })
    this.#tell({ type: 'blocked', id })
    await this.#wait(job)
  }

  async #wait(job: DispatchJob): Promise<void> {
    const request = this.#requests.get(job.id)
    if (request === undefined) return
    const { signal } = request.waits
    try {
      const held = await acquireGroups(this.#openLeases(), job.claims ?? [], {
        ...labelOf(job),
        timeoutMs: Infinity,
        signal,
      })
      if (signal.aborted) return await this.#giveBack(held)
      request.held = held
      this.#tell({ type: 'granted', id: job.id })
      if (this.#requests.get(job.id) === request) await this.#standBack(request)
    } catch (error) {
      if (signal.aborted) return
      this.#tell({ type: 'withdrawn', ids: [job.id] })
      this.#takeRequest(job.id)?.fail(error)
    }
  }

  /**
   * All workers are busy, perhaps with files whose tests wait for what has just been taken: nothing is held without a worker.
   * The file starts when there is one, if its groups are free then.
   */
  async #standBack(request: Request): Promise<void> {
    const { job, held } = request
    this.#tell({ type: 'withdrawn', ids: [job.id] })
    request.held = undefined
    await this.#giveBack(held)
    if (this.#requests.get(job.id) !== request) return
    this.#tell({ type: 'announced', jobs: [withHints(job)] })
    this.#tell({ type: 'requested', ids: [job.id] })
  }

  #admit(start: Start, held: HeldGroups | undefined): void {
    const { id } = start
    let ending: Promise<void> | undefined
    const end = async (keepsWorker: boolean): Promise<void> => {
      await this.#giveBack(held)
      this.#tell({ type: 'ended', id, keepsWorker })
    }
    const request = this.#takeRequest(id)
    // Withdrawn at the last moment.
    if (request === undefined) return void end(false)
    this.#announced.delete(id)
    request.admit({
      ...start,
      groupSlots: { ...slotsOf(request.job, start), ...held?.slots },
      end: ({ keepsWorker = false } = {}) => (ending ??= end(keepsWorker)),
    })
  }

  #refuse(id: string, error: unknown): void {
    this.#announced.delete(id)
    this.#takeRequest(id)?.fail(error)
    this.#tell({ type: 'ended', id, keepsWorker: false })
  }

  #takeRequest(id: string): Request | undefined {
    const request = this.#requests.get(id)
    this.#requests.delete(id)
    return request
  }

  /** Somebody took it away by force: the files have run by then, and their results say what came of it. */
  async #giveBack(held: HeldGroups | undefined): Promise<void> {
    await held?.release().catch((error: unknown) => this.#setup.print(reasonOf(error)))
  }

  #openLeases(): Leases {
    return (this.#leases ??= this.#setup.leases())
  }
}

function withHints(job: DispatchJob): SchedulerJob {
  const { groups = [], hints = [] } = job
  return hints.length === 0 ? job : { ...job, groups: [...groups, ...hints] }
}

/** In groups that it is really in. */
function slotsOf({ groups = [] }: DispatchJob, { groupSlots }: Start): Readonly<Record<string, number>> {
  return Object.fromEntries(groups.map(({ group }) => [group, groupSlots[group] ?? 1]))
}

/** Every file is a holder of its own. */
function labelOf({ id, label = id }: DispatchJob) {
  return { holder: `file ${id}`, label: { file: label } }
}
