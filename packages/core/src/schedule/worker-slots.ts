import { createNumbers } from './numbers.js'
import type { Start } from './scheduler.js'

/** Where a job runs. */
export interface Place {
  readonly slot: number
  readonly worker: Start['worker']
  /** Who was idle there before. */
  readonly before: IdleWorker | undefined
}

interface IdleWorker {
  readonly slot: number
  readonly batch: string
  state: 'idle' | 'closing' | 'gone'
}

/** Which slot has a live worker, and which of those are idle. Never more live workers than slots. */
export interface WorkerSlots {
  /** Gives a job a slot; there must be room. */
  take(batch: string | undefined): Place
  /** Its worker is gone. */
  free(place: Place): void
  /** Its worker stays, idle. */
  keep(place: Place, batch: string): void
  /** It has not started after all: all is as before. */
  undo(place: Place): void
  /** An idle worker that was told to close is gone. */
  closed(slot: number): void
  /** Whether an idle worker of this batch can be had. */
  hasIdle(batch: string): boolean
  /** Tells idle workers that nobody needs to close, each once. */
  close(): number[]
}

/** @param isNeeded whether jobs of a batch are left */
export function createWorkerSlots(count: number, isNeeded: (batch: string) => boolean): WorkerSlots {
  const numbers = createNumbers()
  const idle = new Map<number, IdleWorker>()
  const replaced = new Map<number, IdleWorker>()
  let live = 0

  const idleOf = (batch: string): IdleWorker | undefined =>
    smallest(idle, (worker) => worker.batch === batch && worker.state === 'idle')
  const leastNeeded = (): IdleWorker | undefined =>
    smallest(idle, ({ batch, state }) => state === 'closing' || !isNeeded(batch)) ?? smallest(idle, () => true)
  const free = (slot: number): void => {
    replaced.delete(slot)
    live--
    numbers.give(slot)
  }
  const occupy = (before: IdleWorker, worker: Place['worker']): Place => {
    idle.delete(before.slot)
    if (worker === 'replacing') replaced.set(before.slot, before)
    return { slot: before.slot, worker, before }
  }
  return {
    take(batch) {
      const own = batch === undefined ? undefined : idleOf(batch)
      if (own !== undefined) return occupy(own, 'kept')
      const other = live < count ? undefined : leastNeeded()
      if (other !== undefined) return occupy(other, 'replacing')
      live++
      return { slot: numbers.take(), worker: 'new', before: undefined }
    },
    free: ({ slot }) => free(slot),
    keep({ slot }, batch) {
      replaced.delete(slot)
      idle.set(slot, { slot, batch, state: 'idle' })
    },
    undo({ slot, before }) {
      if (before === undefined || before.state === 'gone') return free(slot)
      replaced.delete(slot)
      idle.set(slot, before)
    },
    closed(slot) {
      const worker = idle.get(slot) ?? replaced.get(slot)
      if (worker?.state !== 'closing') return
      worker.state = 'gone'
      if (idle.delete(slot)) free(slot)
    },
    hasIdle: (batch) => idle.size > 0 && idleOf(batch) !== undefined,
    close() {
      const unneeded = Array.from(idle.values()).filter(({ batch, state }) => state === 'idle' && !isNeeded(batch))
      for (const worker of unneeded) worker.state = 'closing'
      return unneeded.map(({ slot }) => slot).sort((a, b) => a - b)
    },
  }
}

function smallest(
  workers: ReadonlyMap<number, IdleWorker>,
  matches: (worker: IdleWorker) => boolean,
): IdleWorker | undefined {
  let best: IdleWorker | undefined
  for (const worker of workers.values()) {
    if (matches(worker) && (best === undefined || worker.slot < best.slot)) best = worker
  }
  return best
}
