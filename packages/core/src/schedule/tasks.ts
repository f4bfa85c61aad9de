import { givePermits, isFree, takePermits, type Need } from './resource.js'
import { createResources, type Resources } from './resources.js'
import type { SchedulerEvent, SchedulerJob, SchedulerSetup, Start } from './scheduler.js'
import { kindOf, type Task } from './task.js'
import { createWaitingTasks } from './waiting-tasks.js'
import { createWorkerSlots, type WorkerSlots } from './worker-slots.js'

/** What every job of a run is doing, and what it holds meanwhile. */
export class Tasks {
  readonly waiting = createWaitingTasks()
  /** What has started and has not ended. */
  readonly running = new Set<Task>()
  readonly slots: WorkerSlots
  readonly #resources: Resources
  readonly #known = new Map<string, Task>()
  readonly #granted: Task[] = []
  readonly #leftOfBatch = new Map<string, number>()
  #announced = 0

  constructor(setup: SchedulerSetup) {
    this.#resources = createResources(setup)
    const isNeeded = (batch: string): boolean => (this.#leftOfBatch.get(batch) ?? 0) > 0
    this.slots = createWorkerSlots(this.#resources.workers.limit, isNeeded)
  }

  get hasFreeWorker(): boolean {
    return this.#resources.workers.free > 0
  }

  get hasGranted(): boolean {
    return this.#granted.length > 0
  }

  /** One that was blocked and has its leased permits now, if there is room for the rest. */
  get startableGranted(): Task | undefined {
    return this.#granted.find((task) => [task.kind.worker, ...localNeeds(task)].every(isFree))
  }

  /** @throws Error if it cannot be */
  apply(event: SchedulerEvent): void {
    switch (event.type) {
      case 'announced':
        return event.jobs.forEach((job) => this.#announce(job))
      case 'requested':
        return event.ids.forEach((id) => this.#request(this.#get(id, 'announced')))
      case 'withdrawn':
        return event.ids.forEach((id) => this.#withdraw(id))
      case 'ended':
        return this.#end(this.#get(event.id, 'started'), event.keepsWorker)
      case 'blocked':
        return this.#block(this.#get(event.id, 'started'))
      case 'granted':
        return this.#grant(this.#get(event.id, 'blocked'))
      case 'closed':
        return this.slots.closed(event.slot)
    }
  }

  /** Starts a task for which there is room. */
  start(task: Task, nowMs: number): Start {
    const isGranted = task.state === 'granted'
    takePermits(isGranted ? [task.kind.worker, ...localNeeds(task)] : task.kind.needs)
    if (isGranted) this.#granted.splice(this.#granted.indexOf(task), 1)
    this.#count(task, -1)
    this.running.add(task)
    task.state = 'started'
    task.startedAtMs = nowMs
    task.place = this.slots.take(task.batch)
    task.groupSlots = Object.fromEntries(task.kind.groups.map(({ resource }) => [resource.name, resource.slots.take()]))
    return { id: task.id, slot: task.place.slot, worker: task.place.worker, groupSlots: task.groupSlots }
  }

  #get(id: string, state: Task['state']): Task {
    const task = this.#known.get(id)
    if (task?.state === state) return task
    throw new Error(`Scheduler: job "${id}" is ${task?.state ?? 'unknown'}, not ${state}`)
  }

  #announce(job: SchedulerJob): void {
    const { id, expectedMs, isKnown = true, batch } = job
    if (this.#known.has(id)) throw new Error(`Scheduler: job "${id}" is announced twice`)
    const kind = kindOf(job, this.#resources)
    const rest = { startedAtMs: 0, place: undefined, groupSlots: {} }
    const task: Task = { id, expectedMs, isKnown, batch, kind, number: this.#announced++, state: 'announced', ...rest }
    this.#known.set(id, task)
    this.#count(task, 1)
  }

  #request(task: Task): void {
    task.state = 'waiting'
    this.waiting.add(task)
  }

  #withdraw(id: string): void {
    const task = this.#known.get(id)
    if (task === undefined || task.state === 'started') return
    if (task.state === 'blocked') unblock(task)
    if (task.state === 'granted') this.#granted.splice(this.#granted.indexOf(task), 1)
    if (task.state === 'blocked' || task.state === 'granted') givePermits(leasedNeeds(task))
    this.#count(task, -1)
    this.#forget(task)
  }

  #end(task: Task, keepsWorker: boolean): void {
    this.#stop(task, task.kind.groups)
    if (task.place !== undefined) {
      if (keepsWorker && task.batch !== undefined) this.slots.keep(task.place, task.batch)
      else this.slots.free(task.place)
    }
    this.#forget(task)
  }

  /** It keeps what it takes of leased groups: whoever waits for those waits behind it. */
  #block(task: Task): void {
    this.#stop(task, localNeeds(task))
    if (task.place !== undefined) this.slots.undo(task.place)
    task.state = 'blocked'
    this.#count(task, 1)
    for (const { resource } of leasedNeeds(task)) resource.blockers++
  }

  #grant(task: Task): void {
    unblock(task)
    task.state = 'granted'
    this.#granted.push(task)
  }

  #stop(task: Task, given: readonly Need[]): void {
    this.running.delete(task)
    givePermits([task.kind.worker, ...given])
    for (const { resource } of task.kind.groups) resource.slots.give(task.groupSlots[resource.name] ?? 1)
  }

  #forget(task: Task): void {
    task.state = 'over'
    this.#known.delete(task.id)
  }

  /** Into what is left, or out of it. */
  #count({ batch, expectedMs, kind }: Task, sign: 1 | -1): void {
    if (batch !== undefined) this.#leftOfBatch.set(batch, (this.#leftOfBatch.get(batch) ?? 0) + sign)
    for (const { resource, permits } of kind.needs) resource.workLeft.add(permits, sign * expectedMs)
  }
}

function unblock(task: Task): void {
  for (const { resource } of leasedNeeds(task)) resource.blockers--
}

function leasedNeeds({ kind }: Task): Need[] {
  return kind.groups.filter(({ resource }) => resource.isLeased)
}

function localNeeds({ kind }: Task): Need[] {
  return kind.groups.filter(({ resource }) => !resource.isLeased)
}
