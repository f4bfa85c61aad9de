/**
 * The weighted median of a few values, interpolated between the two samples around half of the total weight. With two samples it lies
 * between them, so one bad measurement never rules alone.
 *
 * @param weights one per value; surplus ones are ignored
 *
 * @example
 * weightedMedian([1, 3], [1, 1]) // 2
 * weightedMedian([1, 2, 100], [1, 1, 1]) // 2
 */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = sortedIndexes(values)
  let total = 0
  for (const i of order) total += at(weights, i)
  let before = 0
  let previous: Point | undefined
  for (const i of order) {
    const current = { value: at(values, i), centre: before + at(weights, i) / 2 }
    if (current.centre >= total / 2)
      return previous === undefined ? current.value : interpolate(previous, current, total / 2)
    before += at(weights, i)
    previous = current
  }
  return NaN
}

interface Point {
  readonly value: number
  readonly centre: number
}

function interpolate(a: Point, b: Point, centre: number): number {
  return a.value + ((b.value - a.value) * (centre - a.centre)) / (b.centre - a.centre)
}

/** Insertion sort: the lists are short, and there may be a hundred thousand of them. */
function sortedIndexes(values: readonly number[]): number[] {
  const order: number[] = []
  for (let i = 0; i < values.length; i++) {
    let slot = i
    while (slot > 0 && at(values, order[slot - 1] ?? 0) > at(values, i)) {
      order[slot] = order[slot - 1] ?? 0
      slot--
    }
    order[slot] = i
  }
  return order
}

/** The plain median. NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? at(sorted, middle) : (at(sorted, middle - 1) + at(sorted, middle)) / 2
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? NaN
}
