import { pickTask, type Moment } from './pick-task.js'
import { givePermits, isFree, takePermits, type Need } from './resource.js'
import { createResources } from './resources.js'
import type { Decision, Scheduler, SchedulerEvent, SchedulerJob, SchedulerSetup, Start } from './scheduler.js'
import { kindOf, type Task } from './task.js'
import { createWaitingTasks } from './waiting-tasks.js'
import { createWorkerSlots } from './worker-slots.js'

const SWITCH_COST_MS = 300

/**
 * Creates the scheduler of one run.
 *
 * @example
 * const scheduler = createScheduler({ workers: 2, limits: new Map([['postgres', 1]]) })
 * const groups = [{ group: 'postgres', mode: 'shared' }] as const
 * scheduler.next({ type: 'announced', jobs: [{ id: 'a', expectedMs: 9, groups }, { id: 'b', expectedMs: 5, groups }] }, 0)
 * scheduler.next({ type: 'requested', ids: ['a', 'b'] }, 0).starts // a, in slot 1
 * scheduler.next({ type: 'ended', id: 'a', keepsWorker: false }, 9).starts // b, in slot 1
 */
export function createScheduler({ workers, limits, leased, switchCostMs = SWITCH_COST_MS }: SchedulerSetup): Scheduler {
  const resources = createResources({ workers, limits, leased })
  const pool = resources.workers
  const tasks = new Map<string, Task>()
  const waiting = createWaitingTasks()
  const running = new Set<Task>()
  const granted: Task[] = []
  const leftOfBatch = new Map<string, number>()
  const slots = createWorkerSlots(pool.limit, (batch) => (leftOfBatch.get(batch) ?? 0) > 0)
  let announced = 0

  const taskOf = (id: string, ...states: readonly Task['state'][]): Task => {
    const task = tasks.get(id)
    if (task !== undefined && states.includes(task.state)) return task
    throw new Error(`Scheduler: job "${id}" is ${task?.state ?? 'unknown'}, not ${states.join(' or ')}`)
  }
  const count = ({ batch, expectedMs, kind }: Task, sign: 1 | -1): void => {
    if (batch !== undefined) leftOfBatch.set(batch, (leftOfBatch.get(batch) ?? 0) + sign)
    for (const { resource, permits } of kind.needs) resource.workLeft.add(permits, sign * expectedMs)
  }

  const announce = (job: SchedulerJob): void => {
    if (tasks.has(job.id)) throw new Error(`Scheduler: job "${job.id}" is announced twice`)
    const kind = kindOf(job, resources)
    const { id, expectedMs, batch } = job
    const rest = { startedAtMs: 0, place: undefined, groupSlots: {} }
    const task: Task = { id, expectedMs, batch, kind, number: announced++, state: 'announced', ...rest }
    tasks.set(id, task)
    count(task, 1)
  }
  const withdraw = (id: string): void => {
    const task = tasks.get(id)
    if (task === undefined || task.state === 'started') return
    if (task.state === 'blocked') unblock(task)
    if (task.state === 'blocked' || task.state === 'granted') givePermits(leasedNeeds(task))
    if (task.state === 'granted') granted.splice(granted.indexOf(task), 1)
    count(task, -1)
    forget(task)
  }
  const forget = (task: Task): void => {
    task.state = 'over'
    tasks.delete(task.id)
  }

  const start = (task: Task, nowMs: number): Start => {
    takePermits(task.state === 'granted' ? [task.kind.worker, ...localNeeds(task)] : task.kind.needs)
    count(task, -1)
    task.state = 'started'
    running.add(task)
    task.startedAtMs = nowMs
    task.place = slots.take(task.batch)
    task.groupSlots = Object.fromEntries(task.kind.groups.map(({ resource }) => [resource.name, resource.slots.take()]))
    return { id: task.id, slot: task.place.slot, worker: task.place.worker, groupSlots: task.groupSlots }
  }
  const stop = (task: Task, given: readonly Need[]): void => {
    running.delete(task)
    givePermits([task.kind.worker, ...given])
    for (const { resource } of task.kind.groups) resource.slots.give(task.groupSlots[resource.name] ?? 1)
  }
  const end = (task: Task, keepsWorker: boolean): void => {
    stop(task, task.kind.groups)
    if (task.place !== undefined) {
      if (keepsWorker && task.batch !== undefined) slots.keep(task.place, task.batch)
      else slots.free(task.place)
    }
    forget(task)
  }
  const block = (task: Task): void => {
    stop(task, localNeeds(task))
    if (task.place !== undefined) slots.undo(task.place)
    task.state = 'blocked'
    count(task, 1)
    for (const { resource } of leasedNeeds(task)) resource.blockers++
  }
  const unblock = (task: Task): void => {
    for (const { resource } of leasedNeeds(task)) resource.blockers--
  }
  const grant = (task: Task): void => {
    unblock(task)
    task.state = 'granted'
    granted.push(task)
  }

  const apply = (event: SchedulerEvent): void => {
    switch (event.type) {
      case 'announced':
        return event.jobs.forEach(announce)
      case 'requested':
        return event.ids.forEach((id) => {
          const task = taskOf(id, 'announced')
          task.state = 'waiting'
          waiting.add(task)
        })
      case 'withdrawn':
        return event.ids.forEach(withdraw)
      case 'ended':
        return end(taskOf(event.id, 'started'), event.keepsWorker)
      case 'blocked':
        return block(taskOf(event.id, 'started'))
      case 'granted':
        return grant(taskOf(event.id, 'blocked'))
      case 'closed':
        return slots.closed(event.slot)
    }
  }
  const nextGranted = (): Task | undefined =>
    granted.find((task) => [task.kind.worker, ...localNeeds(task)].every(isFree))
  const hasIdle = (batch: string): boolean => slots.hasIdle(batch)
  const moment = (nowMs: number): Moment => ({ nowMs, running, hasIdle, switchCostMs })
  const pick = (nowMs: number): Task | undefined => (pool.free === 0 ? undefined : pickTask(waiting, moment(nowMs)))
  const startAll = (nowMs: number): Start[] => {
    const starts: Start[] = []
    for (;;) {
      const first = nextGranted()
      if (first !== undefined) granted.splice(granted.indexOf(first), 1)
      const next = first ?? (granted.length > 0 ? undefined : pick(nowMs))
      if (next === undefined) return starts
      starts.push(start(next, nowMs))
    }
  }
  return {
    next(event, nowMs): Decision {
      apply(event)
      return { starts: startAll(nowMs), closes: slots.close() }
    },
  }
}

function leasedNeeds({ kind }: Task): Need[] {
  return kind.groups.filter(({ resource }) => resource.isLeased)
}

function localNeeds({ kind }: Task): Need[] {
  return kind.groups.filter(({ resource }) => !resource.isLeased)
}
