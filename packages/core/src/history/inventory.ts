import { expectedDurations } from './expected-durations.js'
import { OUTCOMES, type RunRecord } from './run-record.js'

/** What the history holds about one file. */
export interface FileInventory {
  /** See {@link jobKey}. */
  readonly key: string
  /** See {@link Expectation.durationMs}; undefined while no whole run of the file was measured. */
  readonly expectedMs: number | undefined
  /** Part of the total of all files, 0 to 1. */
  readonly share: number
  /** The whole runs measured: on the platform asked for if there are any, otherwise on all. */
  readonly measured: MeasuredRuns | undefined
  /** Whether its newest run failed or crashed. */
  readonly hasFailed: boolean
}

export interface MeasuredRuns {
  readonly runs: number
  readonly minMs: number
  readonly maxMs: number
  readonly lastMs: number
  /** When the run of `lastMs` started, Unix time, ms. */
  readonly lastAt: number
}

/** What a history holds. */
export interface HistoryInventory {
  readonly records: number
  /** Shards of one CI pipeline are one run. */
  readonly runs: number
  /** Unix time of the oldest and the newest record, ms; undefined without records. */
  readonly period: { readonly firstAt: number; readonly lastAt: number } | undefined
  /** Sorted. */
  readonly platforms: readonly string[]
  /** The sum of all expected durations. */
  readonly totalMs: number
  /** Slowest first, those never measured last. */
  readonly files: readonly FileInventory[]
}

/**
 * Sums up a history for people.
 *
 * @param records oldest first
 */
export function takeInventory(records: readonly RunRecord[], platform: string): HistoryInventory {
  const expectations = expectedDurations(records, platform)
  const totalMs = [...expectations.values()].reduce((sum, { durationMs }) => sum + durationMs, 0)
  const files = Array.from(collect(records, platform), ([key, { here, elsewhere, hasFailed }]) => {
    const expectedMs = expectations.get(key)?.durationMs
    const share = expectedMs === undefined ? 0 : expectedMs / totalMs
    return { key, expectedMs, share, measured: here ?? elsewhere, hasFailed }
  })
  const first = records[0]
  const last = records.at(-1)
  return {
    records: records.length,
    runs: new Set(records.map(({ header }) => header.runId)).size,
    period: first && last && { firstAt: first.header.startedAt, lastAt: last.header.startedAt },
    platforms: [...new Set(records.map(({ header }) => header.platform))].sort(),
    totalMs,
    files: files.sort((a, b) => (b.expectedMs ?? 0) - (a.expectedMs ?? 0) || (a.key < b.key ? -1 : 1)),
  }
}

interface Collected {
  here: MeasuredRuns | undefined
  elsewhere: MeasuredRuns | undefined
  hasFailed: boolean
}

const FAILED = OUTCOMES.indexOf('failed')
const CRASHED = OUTCOMES.indexOf('crashed')

function collect(records: readonly RunRecord[], platform: string): Map<string, Collected> {
  const files = new Map<string, Collected>()
  for (const { header, keys, columns } of records) {
    const place = header.platform === platform ? 'here' : 'elsewhere'
    keys.forEach((key, i) => {
      const outcome = columns.outcome[i] ?? 0
      if (outcome > CRASHED) return
      const file = files.get(key) ?? { here: undefined, elsewhere: undefined, hasFailed: false }
      files.set(key, file)
      file.hasFailed = outcome === FAILED || outcome === CRASHED
      // The same measurements that expected durations rest on.
      if (outcome > FAILED || columns.partial[i] === 1) return
      file[place] = addRun(file[place], columns.durationMs[i] ?? 0, header.startedAt)
    })
  }
  return files
}

function addRun(before: MeasuredRuns | undefined, lastMs: number, lastAt: number): MeasuredRuns {
  return {
    runs: (before?.runs ?? 0) + 1,
    minMs: Math.min(before?.minMs ?? Infinity, lastMs),
    maxMs: Math.max(before?.maxMs ?? 0, lastMs),
    lastMs,
    lastAt,
  }
}
