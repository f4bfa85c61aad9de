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
}

/** One run of one host, or one shard of it, as kept in the history. */
export interface RunRecord {
  readonly header: RunHeader
  /** Sorted, unique. Records over the same files share one array. */
  readonly keys: readonly string[]
  /** One entry per key. */
  readonly columns: Columns
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

/** Packs measured files into a record. Keys that occur twice (one file in two unnamed projects) become one. */
export function createRunRecord(header: RunHeader, files: readonly FileRecord[]): RunRecord {
  const byKey = new Map<string, FileRecord>()
  for (const file of files) {
    const twin = byKey.get(file.key)
    byKey.set(file.key, twin === undefined ? file : mergeTwins(twin, file))
  }
  const sorted = [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  const column = (value: (file: FileRecord) => number): number[] =>
    sorted.map((file) => Math.max(0, Math.round(value(file))))
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
  }
}

/** The files of a record as objects, in the order of their keys. */
export function filesOf({ keys, columns }: RunRecord): FileRecord[] {
  return keys.map((key, i) => ({
    key,
    durationMs: columns.durationMs[i] ?? 0,
    waitMs: columns.waitMs[i] ?? 0,
    tests: columns.tests[i] ?? 0,
    retries: columns.retries[i] ?? 0,
    outcome: OUTCOMES[columns.outcome[i] ?? 0] ?? 'not-run',
    isPartial: columns.partial[i] === 1,
    load: (columns.load[i] ?? 0) / 100,
  }))
}

/** A record with only the files whose key `keep` accepts; the same object if that is all of them. */
export function filterRecord(record: RunRecord, keep: (key: string) => boolean): RunRecord {
  if (record.keys.every(keep)) return record
  return createRunRecord(
    record.header,
    filesOf(record).filter((file) => keep(file.key)),
  )
}

function mergeTwins(a: FileRecord, b: FileRecord): FileRecord {
  const worse = OUTCOMES.indexOf(a.outcome) > OUTCOMES.indexOf(b.outcome) ? a.outcome : b.outcome
  const mean = (x: number, y: number): number => (x + y) / 2
  return {
    ...a,
    durationMs: mean(a.durationMs, b.durationMs),
    waitMs: mean(a.waitMs, b.waitMs),
    tests: a.tests + b.tests,
    retries: a.retries + b.retries,
    outcome: worse === 'skipped' && (a.outcome === 'failed' || b.outcome === 'failed') ? 'failed' : worse,
    isPartial: a.isPartial || b.isPartial,
    load: Math.max(a.load, b.load),
  }
}
