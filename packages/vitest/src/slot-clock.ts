/**
 * Tells how long a file occupied its worker slot, start of the worker included, which no Vitest reports: files start
 * in the order in which they are queued, so the next file to start has had the slot that was freed first.
 *
 * @example
 * const clock = createSlotClock(2)
 * clock.open(performance.now())
 * clock.start('a.test.ts', performance.now())
 * clock.end('a.test.ts', performance.now()) // ms in its slot
 */
export interface SlotClock {
  /** The host is about to start files: slots that nobody has are free from now on. */
  open(now: number): void
  /** A file has got its slot: known exactly where heddle starts it. */
  admit(id: string, now: number): void
  /** A worker has begun with a file. */
  start(id: string, now: number): void
  /** A file has ended. @returns ms it had its slot; undefined if it never started */
  end(id: string, now: number): number | undefined
}

export function createSlotClock(workers: number): SlotClock {
  let free = Array.from({ length: workers }, () => 0)
  const taken = new Map<string, number>()
  const admitted = new Set<string>()
  const openIdle = (now: number): void => {
    if (taken.size === 0) free = free.map(() => now)
  }
  return {
    open: openIdle,
    admit(id, at) {
      admitted.add(id)
      taken.set(id, at)
    },
    start(id, at) {
      if (!admitted.has(id)) taken.set(id, free.shift() ?? at)
    },
    end(id, at) {
      const since = taken.get(id)
      if (since === undefined) return undefined
      taken.delete(id)
      if (admitted.delete(id)) return at - since
      free.push(at)
      // Nothing runs: the host waits for the last file before it begins the next group, so no slot was anyone's.
      openIdle(at)
      return at - since
    },
  }
}
