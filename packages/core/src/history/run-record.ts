import type { HeldTime } from '../serial/held-times.js'
import { heldByPlace, heldColumnsOf, sumOf, type HeldColumn } from './held-columns.js'

/** How a file ended. `not-run`: planned for this run or shard, but never finished (bail, cancel, filter). */
export const OUTCOMES = ['passed', 'failed', 'skipped', 'crashed', 'not-run'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Which shard of which plan a run was. */
export interface ShardOfRun {
  /** 1-based. */
  readonly index: number
  readonly count: number
  /** See {@link ShardPlan.fingerprint}. */
  readonly fingerprint: string
}

/** Everything about a run that is not about one file. */
export interface RunHeader {
  /** The same for all shards and jobs of one CI pipeline, otherwise unique. */
  readonly runId: string
  /** Whether `runId` names a CI pipeline, so that records of one run can be told from older ones. */
  readonly isPipeline: boolean
  /** Unix time, ms. */
  readonly startedAt: number
  readonly host: string
  readonly hostVersion: string
  /** Where the host ran, POSIX, relative to the workspace root; '' is the root itself. */
  readonly root: string
  /** `linux-x64` and the like. */
  readonly platform: string
  readonly nodeMajor: number
  /** How many files could run at once. */
  readonly workers: number
  /** How many processors the machine offered. */
  readonly cpus: number
  /** Whether the host's transform cache was empty, so that files paid for compilation. */
  readonly isCold: boolean
  readonly shard?: ShardOfRun
}

/** What one run measured of one file. */
export interface FileRecord {
  /** See {@link jobKey}. */
  readonly key: string
  /** Time in its worker slot (start of a process if it got one, environment, setup, import, tests, hooks) without `waitMs`. */
  readonly durationMs: number
  /** Time spent waiting for heddle's own locks, ms. */
  readonly waitMs: number
  readonly tests: number
  readonly retries: number
  readonly outcome: Outcome
  /** Whether only part of the file ran (name filter, `.only`, bail, cancel): its duration says little. */
  readonly isPartial: boolean
  /** One-minute load average per processor when the file ended; 0 where the system has none. */
  readonly load: number
  /** How long its tests, its blocks and itself held groups and keys that they took themselves, ms of `durationMs`. @default nothing */
  readonly held?: readonly HeldTime[] | undefined
}

/** One run of one host, or one shard of it, as kept in the history. */
export interface RunRecord {
  readonly header: RunHeader
  /** Sorted, unique. Records over the same files share one array. */
  readonly keys: readonly string[]
  /** One entry per key. */
  readonly columns: Columns
  /** What files held; not there if nothing. */
  readonly held?: readonly HeldColumn[]
}

/** The numbers of a {@link RunRecord}, one array per field: 20 runs of 100 000 files load in a fraction of a second. */
export interface Columns {
  readonly durationMs: readonly number[]
  readonly waitMs: readonly number[]
  readonly tests: readonly number[]
  readonly retries: readonly number[]
  /** Index into {@link OUTCOMES}. */
  readonly outcome: readonly number[]
  /** 0 or 1. */
  readonly partial: readonly number[]
  /** Hundredths. */
  readonly load: readonly number[]
}

/** Packs measured files into a record. Keys that occur several times (one file in unnamed projects) become one. */
export function createRunRecord(header: RunHeader, files: readonly FileRecord[]): RunRecord {
  const byKey = new Map<string, FileRecord[]>()
  for (const file of files) {
    const twins = byKey.get(file.key)
    if (twins === undefined) byKey.set(file.key, [file])
    else twins.push(file)
  }
  const sorted = Array.from(byKey, ([key, twins]) => combineTwins(key, twins)).sort((a, b) => (a.key < b.key ? -1 : 1))
  const held = heldColumnsOf(sorted.map((file) => file.held))
  const column = (value: (file: FileRecord) => number): number[] => sorted.map((file) => toCount(value(file)))
  return {
    header,
    keys: sorted.map((file) => file.key),
    columns: {
      durationMs: column((file) => file.durationMs),
      waitMs: column((file) => file.waitMs),
      tests: column((file) => file.tests),
      retries: column((file) => file.retries),
      outcome: column((file) => OUTCOMES.indexOf(file.outcome)),
      partial: column((file) => (file.isPartial ? 1 : 0)),
      load: column((file) => file.load * 100),
    },
    ...(held === undefined ? {} : { held }),
  }
}

/** The files of a record as objects, in the order of their keys. */
export function filesOf({ keys, columns, held }: RunRecord): FileRecord[] {
  const byPlace = heldByPlace(held ?? [])
  return keys.map((key, i) => ({
    key,
    durationMs: columns.durationMs[i] ?? 0,
    waitMs: columns.waitMs[i] ?? 0,
    tests: columns.tests[i] ?? 0,
    retries: columns.retries[i] ?? 0,
    outcome: OUTCOMES[columns.outcome[i] ?? 0] ?? 'not-run',
    isPartial: columns.partial[i] === 1,
    load: (columns.load[i] ?? 0) / 100,
    ...(byPlace.has(i) ? { held: byPlace.get(i) ?? [] } : {}),
  }))
}

/** A record with only the files whose key `keep` accepts; the same object if that is all of them. */
export function filterRecord(record: RunRecord, keep: (key: string) => boolean): RunRecord {
  if (record.keys.every((key) => keep(key))) return record
  return createRunRecord(
    record.header,
    filesOf(record).filter((file) => keep(file.key)),
  )
}

/** From what any other outcome overrules to what none does. */
const SEVERITIES = ['skipped', 'passed', 'failed', 'crashed', 'not-run'] as const satisfies readonly Outcome[]

function combineTwins(key: string, twins: readonly FileRecord[]): FileRecord {
  const [only, another] = twins
  if (only !== undefined && another === undefined) return only
  const sum = (value: (file: FileRecord) => number): number => twins.reduce((total, twin) => total + value(twin), 0)
  return {
    key,
    durationMs: sum((twin) => twin.durationMs) / twins.length,
    waitMs: sum((twin) => twin.waitMs) / twins.length,
    tests: sum((twin) => twin.tests),
    retries: sum((twin) => twin.retries),
    outcome: SEVERITIES.findLast((outcome) => twins.some((twin) => twin.outcome === outcome)) ?? 'not-run',
    isPartial: twins.some((twin) => twin.isPartial),
    load: Math.max(...twins.map((twin) => twin.load)),
    held: sumOf(twins.flatMap((twin) => twin.held ?? [])).map((one) => ({ ...one, ms: one.ms / twins.length })),
  }
}

/** A whole number ≥ 0, whatever an adapter measured: JSON knows no NaN, and one would spoil the whole record. */
function toCount(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0
}
