import { createMinHeap, type MinHeap } from '../plan/min-heap.js'
import type { Task, TaskKind } from './task.js'

/** Requested tasks of one kind. */
interface Queue {
  readonly kind: TaskKind
  readonly tasks: MinHeap<Task>
}

/** What waits, by kind: of each kind only one is ever a candidate, however many there are. */
export interface WaitingTasks {
  add(task: Task): void
  /** Of every kind the waiting task that goes first: the longest, or the one announced first. */
  heads(): Task[]
}

export function createWaitingTasks(order: 'urgent' | 'announced'): WaitingTasks {
  const compare = order === 'urgent' ? longestFirst : announcedFirst
  const queues = new Map<string, Queue>()
  return {
    add(task) {
      const queue = queues.get(task.kind.name) ?? { kind: task.kind, tasks: createMinHeap<Task>(compare) }
      queues.set(task.kind.name, queue)
      queue.tasks.push(task)
    },
    heads: () =>
      Array.from(queues.values()).flatMap((queue) => {
        const head = headOf(queue)
        if (head === undefined) queues.delete(queue.kind.name)
        return head ?? []
      }),
  }
}

/** Started and withdrawn tasks are dropped when they come up, not searched for. */
function headOf({ tasks }: Queue): Task | undefined {
  let head = tasks.peek()
  while (head !== undefined && head.state !== 'waiting') {
    tasks.pop()
    head = tasks.peek()
  }
  return head
}

function longestFirst(a: Task, b: Task): number {
  return b.expectedMs - a.expectedMs || a.number - b.number
}

function announcedFirst(a: Task, b: Task): number {
  return a.number - b.number
}
