import type { HeldTime } from '../serial/held-times.js'
import { OUTCOMES, type Columns, type RunRecord } from './run-record.js'

/** What a file is expected to hold while it runs, taken by its tests. */
export type ExpectedHold = Pick<HeldTime, 'name' | 'mode'>

/** A file that held something for more than this share of its time is planned as if it always did. */
const MOST = 1 / 2

const FAILED = OUTCOMES.indexOf('failed')

/**
 * Which files held which names for most of their time, when they last ran as a whole: the names of leases, so groups are
 * `group:<name>`. Costs nothing where no test ever held anything.
 *
 * @param records oldest first
 */
export function expectedHolds(records: readonly RunRecord[]): ReadonlyMap<string, readonly ExpectedHold[]> {
  const expected = new Map<string, readonly ExpectedHold[]>()
  const decided = new Set<string>()
  for (let i = records.length - 1; i >= 0; i--) {
    const record = records[i] as RunRecord
    for (const [key, held] of longHoldsIn(record, decided)) {
      decided.add(key)
      if (!wasMeasured(key, records.slice(i + 1))) expected.set(key, held)
    }
  }
  return expected
}

/** By key, of files that were measured and are not decided. */
function longHoldsIn({ keys, columns, held = [] }: RunRecord, decided: ReadonlySet<string>) {
  const holds = new Map<string, ExpectedHold[]>()
  for (const { name, mode, times } of held) {
    for (let i = 0; i < times.length; i += 2) {
      const [place = 0, ms = 0] = [times[i], times[i + 1]]
      const key = keys[place]
      if (ms <= (columns.durationMs[place] ?? 0) * MOST || !isMeasured(columns, place)) continue
      if (key === undefined || decided.has(key)) continue
      const known = holds.get(key)
      if (known === undefined) holds.set(key, [{ name, mode }])
      else known.push({ name, mode })
    }
  }
  return holds
}

function wasMeasured(key: string, records: readonly RunRecord[]): boolean {
  return records.some(({ keys, columns }) => {
    const place = placeOf(key, keys)
    return place !== undefined && isMeasured(columns, place)
  })
}

/** Whether its duration says something: neither partial, nor crashed, nor skipped. */
function isMeasured(columns: Columns, place: number): boolean {
  return (columns.outcome[place] ?? Infinity) <= FAILED && columns.partial[place] !== 1
}

/** @param keys sorted */
function placeOf(key: string, keys: readonly string[]): number | undefined {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return keys[low] === key ? low : undefined
}
