import { pickTask } from './pick-task.js'
import type { Scheduler, SchedulerSetup, Start } from './scheduler.js'
import type { Task } from './task.js'
import { Tasks } from './tasks.js'

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
export function createScheduler({ switchCostMs = SWITCH_COST_MS, ...setup }: SchedulerSetup): Scheduler {
  const tasks = new Tasks(setup)
  return {
    next(event, nowMs) {
      tasks.apply(event)
      const starts: Start[] = []
      for (let task = nextTask(tasks, nowMs, switchCostMs); task !== undefined;) {
        starts.push(tasks.start(task, nowMs))
        task = nextTask(tasks, nowMs, switchCostMs)
      }
      return { starts, closes: tasks.slots.close() }
    },
  }
}

/** Nothing overtakes what others gave its permits up for. */
function nextTask(tasks: Tasks, nowMs: number, switchCostMs: number): Task | undefined {
  if (tasks.hasGranted) return tasks.startableGranted
  if (!tasks.hasFreeWorker) return undefined
  const { waiting, running, slots } = tasks
  return pickTask(waiting, { nowMs, running, hasIdle: (batch) => slots.hasIdle(batch), switchCostMs })
}
