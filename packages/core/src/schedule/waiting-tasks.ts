import type { Task, TaskKind } from './task.js'

/** What waits, by kind: of each kind only one or two are ever candidates, however many there are. */
export interface WaitingTasks {
  add(task: Task): void
  /** Of every kind the longest task; of equals the one announced first. */
  heads(): Task[]
  /** The longest of a kind that takes no longer than this. */
  longestUpTo(ms: number, kind: TaskKind): Task | undefined
}

/** Requested tasks of one kind. */
interface Queue {
  /** Who goes first comes last, where it is cheap to take out. What no longer waits stays until somebody comes across it. */
  readonly tasks: Task[]
  isSorted: boolean
  /** Who goes first, as long as it waits. */
  head: Task | undefined
}

export function createWaitingTasks(): WaitingTasks {
  const queues = new Map<string, Queue>()
  const tasksOf = (kind: TaskKind): Task[] => sortedTasks(queues.get(kind.name))
  return {
    add(task) {
      const queue = queues.get(task.kind.name) ?? { tasks: [], isSorted: true, head: undefined }
      queues.set(task.kind.name, queue)
      queue.tasks.push(task)
      queue.isSorted = false
      queue.head = undefined
    },
    heads() {
      const heads: Task[] = []
      for (const [name, queue] of queues) {
        // Mostly nothing has changed since the last time.
        if (queue.head?.state !== 'waiting') {
          const tasks = sortedTasks(queue)
          queue.head = lastWaiting(tasks, tasks.length)
        }
        if (queue.head === undefined) queues.delete(name)
        else heads.push(queue.head)
      }
      return heads
    },
    longestUpTo(ms, kind) {
      const tasks = tasksOf(kind)
      return lastWaiting(
        tasks,
        countBefore(tasks, ({ expectedMs }) => expectedMs <= ms),
      )
    },
  }
}

function sortedTasks(queue: Queue | undefined): Task[] {
  if (queue === undefined) return []
  if (!queue.isSorted) queue.tasks.sort((a, b) => longestFirst(b, a))
  queue.isSorted = true
  return queue.tasks
}

/** The last of the first `count` that still waits; drops those after it that do not. */
function lastWaiting(tasks: Task[], count: number): Task | undefined {
  let last = count
  while (last > 0 && tasks[last - 1]?.state !== 'waiting') last--
  if (last < count) tasks.splice(last, count - last)
  return tasks[last - 1]
}

/** How many at the beginning `matches` is true of; it must be false of all after the first one of which it is false. */
function countBefore(tasks: readonly Task[], matches: (task: Task) => boolean): number {
  let [low, high] = [0, tasks.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const task = tasks[middle]
    if (task !== undefined && matches(task)) low = middle + 1
    else high = middle
  }
  return low
}

function longestFirst(a: Task, b: Task): number {
  return b.expectedMs - a.expectedMs || a.number - b.number
}
