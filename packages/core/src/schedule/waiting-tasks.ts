import { createMinHeap, type MinHeap } from '../plan/min-heap.js'
import type { Task, TaskKind } from './task.js'

/** Requested tasks of one kind, longest first. */
interface Queue {
  readonly kind: TaskKind
  readonly tasks: MinHeap<Task>
}

/** What waits, by kind: of each kind only the longest is ever a candidate, however many there are. */
export interface WaitingTasks {
  add(task: Task): void
  /** The longest waiting task of every kind. */
  heads(): Task[]
}

export function createWaitingTasks(): WaitingTasks {
  const queues = new Map<string, Queue>()
  return {
    add(task) {
      const queue = queues.get(task.kind.name) ?? { kind: task.kind, tasks: createMinHeap<Task>(longestFirst) }
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
