import { createHash } from 'node:crypto'
import { HeddleError } from '../errors.js'
import { compareKeys } from '../workspace/job-key.js'
import type { Job } from './job.js'
import { lowerBoundOf, type LowerBound } from './makespan.js'
import { createMinHeap } from './min-heap.js'

/** The jobs of one machine. */
export interface Shard {
  /** 1-based, as in `--shard=index/count`. */
  readonly index: number
  readonly expectedMs: number
  /** Sorted. */
  readonly keys: readonly string[]
}

/** Every job in exactly one shard, and how good the split is. */
export interface ShardPlan {
  readonly shards: readonly Shard[]
  /** Equal exactly when two plans put the same files into the same shards. */
  readonly fingerprint: string
  /** What no split into this many shards can beat. */
  readonly lowerBound: LowerBound
}

export type ShardJob = Pick<Job, 'key' | 'expectedMs'>

/**
 * Splits jobs into `count` shards of equal expected time: longest first, each to the lightest shard so far (LPT,
 * Graham 1969; on traces of real suites at most 1.004 times the lower bound).
 *
 * Guarantees: shards are disjoint and complete; the plan depends on keys and times only, not on the order, platform
 * or locale; jobs with the same key stay together.
 *
 * @throws HeddleError `HEDDLE_SHARDS_INVALID` if `count` is no whole number ≥ 1: some files would be in no shard
 *
 * @example
 * planShards([{ key: 'a', expectedMs: 3 }, { key: 'b', expectedMs: 2 }, { key: 'c', expectedMs: 1 }], 2)
 */
export function planShards(jobs: readonly ShardJob[], count: number): ShardPlan {
  if (!Number.isSafeInteger(count) || count < 1) throw invalidCount(count)
  const units = sortedUnits(jobs)
  const bins = spread(units, count)
  const shards = bins.map((bin) => ({
    index: bin.index,
    expectedMs: bin.ms,
    keys: bin.units.map((unit) => unit.key).sort(compareKeys),
  }))
  return {
    shards,
    fingerprint: fingerprintOf(shards.map((shard) => shard.keys)),
    lowerBound: lowerBoundOf(units, count),
  }
}

/** The identity of an assignment of sorted keys to shards, 16 hexadecimal digits. */
export function fingerprintOf(shards: readonly (readonly string[])[]): string {
  const hash = createHash('sha256')
  for (const keys of shards) hash.update(`${JSON.stringify(keys)}\n`)
  return hash.digest('hex').slice(0, 16)
}

interface Bin {
  readonly index: number
  ms: number
  units: ShardJob[]
}

/** What shards are made of: one unit per key, in whole ms, longest first. */
export function sortedUnits(jobs: readonly ShardJob[]): ShardJob[] {
  const sums = new Map<string, number>()
  // Whole milliseconds: sums of floats depend on the order in which they are added.
  for (const { key, expectedMs } of jobs) sums.set(key, (sums.get(key) ?? 0) + Math.max(1, Math.round(expectedMs)))
  const units = Array.from(sums, ([key, expectedMs]) => ({ key, expectedMs }))
  return units.sort((a, b) => b.expectedMs - a.expectedMs || compareKeys(a.key, b.key))
}

function spread(units: readonly ShardJob[], count: number): Bin[] {
  const bins: Bin[] = Array.from({ length: count }, (_, i) => ({ index: i + 1, ms: 0, units: [] }))
  // Equal loads go to the shard with fewer files, so that files of unknown (equal, tiny) cost spread as well.
  const lightest = createMinHeap<Bin>((a, b) => a.ms - b.ms || a.units.length - b.units.length || a.index - b.index)
  for (const bin of bins) lightest.push(bin)
  for (const unit of units) {
    const bin = lightest.pop()
    if (bin === undefined) break
    bin.ms += unit.expectedMs
    bin.units.push(unit)
    lightest.push(bin)
  }
  return bins
}

function invalidCount(count: number): HeddleError {
  return new HeddleError('HEDDLE_SHARDS_INVALID', {
    problem: `Cannot split test files into "${count}" shards: the number of shards must be whole and at least 1`,
    fix: 'pass `--shard=<index>/<count>` to the host, or `--shards <count>` to `heddle plan`.',
  })
}
