import { reasonOf } from '../errors.js'
import { acquireGroups, tryAcquireGroups, type HeldGroups } from '../groups/group-lease.js'
import { monotonicClock } from '../leases/captured.js'
import type { Leases } from '../leases/leases.js'
import { createScheduler } from '../schedule/create-scheduler.js'
import type { Scheduler, SchedulerEvent, SchedulerSetup, Start } from '../schedule/scheduler.js'
import { schedulerJobOf, slotsOf, type DispatchJob } from './dispatch-job.js'

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

/** A file between its announcement and its admission. */
interface Entry {
  readonly job: DispatchJob
  /** What the scheduler calls it, and its leases: a file may be announced again while it still comes to its end. */
  readonly task: string
  request: Request | undefined
  /** Whether its leases are being tried. */
  isTaking: boolean
  /** What has been taken for it while it waited. */
  held: HeldGroups | undefined
}

interface Request {
  readonly admit: (admission: Admission | undefined) => void
  readonly fail: (error: unknown) => void
  /** Ends the wait for what other processes hold. */
  readonly waits: AbortController
}

/**
 * Starts the files of a run. The {@link Scheduler} decides; this takes the leases of groups that are shared with other
 * processes before a file starts, so that a busy group never occupies a worker.
 *
 * A file may be announced again once it has been admitted or withdrawn.
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
  /** By id of the file; whoever is not in it any more is not wanted. */
  readonly #entries = new Map<string, Entry>()
  /** Those that the scheduler may start. */
  readonly #tasks = new Map<string, Entry>()
  #leases: Leases | undefined
  #fresh: Entry[] = []
  #count = 0

  constructor(setup: DispatcherSetup) {
    this.#setup = setup
    this.#scheduler = createScheduler(setup)
  }

  /** These files will be requested; until then they count as work that is left. */
  announce(jobs: readonly DispatchJob[]): void {
    const entries = jobs.map((job) => this.#enter(job))
    this.#tell({ type: 'announced', jobs: entries.map(({ job, task }) => schedulerJobOf(job, task)) })
  }

  /**
   * Asks to start a file that was announced. What is asked for in one turn of the event loop is decided on together.
   *
   * @returns undefined if it was withdrawn
   * @throws HeddleError what {@link Leases.acquire} throws, but no time-out: this wait has no limit
   */
  request(id: string): Promise<Admission | undefined> {
    const entry = this.#entries.get(id)
    if (entry === undefined) return Promise.reject(new Error(`Nobody announced "${id}"`))
    if (entry.request !== undefined) return Promise.reject(new Error(`"${id}" is requested twice`))
    return new Promise((admit, fail) => {
      entry.request = { admit, fail, waits: new AbortController() }
      if (this.#fresh.push(entry) === 1) setImmediate(() => this.#flush())
    })
  }

  /** These files are not wanted any more. What has been admitted goes on until its end. */
  withdraw(ids: readonly string[]): void {
    const entries = ids.flatMap((id) => this.#entries.get(id) ?? [])
    for (const { job } of entries) this.#entries.delete(job.id)
    // One that is taking its leases right now counts as started, and ends itself.
    const idle = entries.filter(({ isTaking }) => !isTaking)
    for (const { task } of idle) this.#tasks.delete(task)
    this.#tell({ type: 'withdrawn', ids: idle.map(({ task }) => task) })
    for (const { request, held } of entries) {
      request?.waits.abort()
      void this.#giveBack(held)
      request?.admit(undefined)
    }
  }

  /** A worker that was to be closed has gone, so its slot is free. */
  closed(slot: number): void {
    this.#tell({ type: 'closed', slot })
  }

  /** Ends all waits, at the end of a run. */
  close(): void {
    this.withdraw([...this.#entries.keys()])
  }

  #enter(job: DispatchJob): Entry {
    if (this.#entries.has(job.id)) throw new Error(`"${job.id}" is announced twice`)
    const task = `${job.id} ${++this.#count}`
    const entry: Entry = { job, task, request: undefined, isTaking: false, held: undefined }
    this.#entries.set(job.id, entry)
    this.#tasks.set(task, entry)
    return entry
  }

  #flush(): void {
    const wanted = this.#fresh.filter((entry) => this.#isWanted(entry))
    this.#fresh = []
    this.#tell({ type: 'requested', ids: wanted.map(({ task }) => task) })
  }

  #tell(event: SchedulerEvent): void {
    const { starts, closes } = this.#scheduler.next(event, monotonicClock())
    for (const slot of closes) this.#setup.closeWorker?.(slot)
    for (const start of starts) this.#start(start)
  }

  #start(start: Start): void {
    const entry = this.#tasks.get(start.id)
    if (entry === undefined) throw new Error(`Nobody requested "${start.id}"`)
    const { job, held } = entry
    if (held !== undefined || job.claims === undefined || job.claims.length === 0) this.#admit(entry, start, held)
    else void this.#take(entry, start)
  }

  /** Takes the leases at once, or stands in line for them while others use the worker. */
  async #take(entry: Entry, start: Start): Promise<void> {
    const { task, job } = entry
    entry.isTaking = true
    try {
      const held = await tryAcquireGroups(this.#openLeases(), job.claims ?? [], labelOf(entry))
      entry.isTaking = false
      if (held !== undefined) return this.#admit(entry, start, held)
    } catch (error) {
      entry.isTaking = false
      return this.#refuse(entry, { type: 'ended', id: task, keepsWorker: false }, error)
    }
    if (this.#isWanted(entry)) return this.#wait(entry)
    this.#tasks.delete(task)
    return this.#tell({ type: 'ended', id: task, keepsWorker: false })
  }

  async #wait(entry: Entry): Promise<void> {
    const { task, job, request } = entry
    this.#tell({ type: 'blocked', id: task })
    const signal = request?.waits.signal
    try {
      const options = { ...labelOf(entry), timeoutMs: Infinity, signal }
      entry.held = await acquireGroups(this.#openLeases(), job.claims ?? [], options)
    } catch (error) {
      return this.#isWanted(entry) ? this.#refuse(entry, { type: 'withdrawn', ids: [task] }, error) : undefined
    }
    if (!this.#isWanted(entry)) return this.#giveBack(entry.held)
    this.#tell({ type: 'granted', id: task })
    return this.#isWanted(entry) ? this.#standBack(entry) : undefined
  }

  /**
   * All workers are busy, perhaps with files whose tests wait for what has just been taken: nothing is held without a worker.
   * The file starts when there is one, if its groups are free then.
   */
  async #standBack(entry: Entry): Promise<void> {
    const { task, job, held } = entry
    this.#tell({ type: 'withdrawn', ids: [task] })
    entry.held = undefined
    await this.#giveBack(held)
    if (!this.#isWanted(entry)) return
    this.#tell({ type: 'announced', jobs: [schedulerJobOf(job, task)] })
    this.#tell({ type: 'requested', ids: [task] })
  }

  #admit(entry: Entry, start: Start, held: HeldGroups | undefined): void {
    const { job, task, request } = entry
    let ending: Promise<void> | undefined
    const end = async (keepsWorker: boolean): Promise<void> => {
      await this.#giveBack(held)
      this.#tell({ type: 'ended', id: task, keepsWorker })
    }
    // Withdrawn at the last moment.
    if (!this.#forget(entry)) return void end(false)
    request?.admit({
      ...start,
      id: job.id,
      groupSlots: { ...slotsOf(job, start), ...held?.slots },
      end: ({ keepsWorker = false } = {}) => (ending ??= end(keepsWorker)),
    })
  }

  #refuse(entry: Entry, event: SchedulerEvent, error: unknown): void {
    if (this.#forget(entry)) entry.request?.fail(error)
    this.#tell(event)
  }

  #isWanted(entry: Entry): boolean {
    return this.#entries.get(entry.job.id) === entry
  }

  /** @returns whether it was still wanted */
  #forget(entry: Entry): boolean {
    this.#tasks.delete(entry.task)
    return this.#isWanted(entry) && this.#entries.delete(entry.job.id)
  }

  /** Somebody took it away by force: the files have run by then, and their results say what came of it. */
  async #giveBack(held: HeldGroups | undefined): Promise<void> {
    await held?.release().catch((error: unknown) => this.#setup.print(reasonOf(error)))
  }

  #openLeases(): Leases {
    return (this.#leases ??= this.#setup.leases())
  }
}

/** Every file is a holder of its own. */
function labelOf({ task, job: { id, label = id } }: Entry) {
  return { holder: `file ${task}`, label: { file: label } }
}
