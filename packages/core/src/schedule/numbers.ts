import { createMinHeap } from '../plan/min-heap.js'

/** Gives out the smallest number, from 1, that nobody has. */
export interface Numbers {
  take(): number
  /** @param number one that was taken */
  give(number: number): void
}

export function createNumbers(): Numbers {
  const returned = createMinHeap<number>((a, b) => a - b)
  let next = 1
  return {
    take: () => returned.pop() ?? next++,
    give: (number) => returned.push(number),
  }
}
