/**
 * A binary heap that gives the smallest item first.
 *
 * @example
 * const heap = createMinHeap<number>((a, b) => a - b)
 * heap.push(3); heap.push(1)
 * heap.pop() // 1
 */
export interface MinHeap<T> {
  push(item: T): void
  /** Takes out the smallest item; undefined when the heap is empty. */
  pop(): T | undefined
  /** The smallest item, which stays; undefined when the heap is empty. */
  peek(): T | undefined
}

export function createMinHeap<T>(compare: (a: T, b: T) => number): MinHeap<T> {
  const items: T[] = []
  const at = (index: number): T => items[index] as T
  const swap = (a: number, b: number): void => {
    const item = at(a)
    items[a] = at(b)
    items[b] = item
  }
  const rise = (index: number): void => {
    const parent = (index - 1) >> 1
    if (index === 0 || compare(at(index), at(parent)) >= 0) return
    swap(index, parent)
    rise(parent)
  }
  const sink = (index: number): void => {
    const left = 2 * index + 1
    if (left >= items.length) return
    const child = left + 1 < items.length && compare(at(left + 1), at(left)) < 0 ? left + 1 : left
    if (compare(at(index), at(child)) <= 0) return
    swap(index, child)
    sink(child)
  }
  return {
    push(item) {
      items.push(item)
      rise(items.length - 1)
    },
    pop() {
      if (items.length <= 1) return items.pop()
      swap(0, items.length - 1)
      const smallest = items.pop()
      sink(0)
      return smallest
    },
    peek: () => items[0],
  }
}
