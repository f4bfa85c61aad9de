import { availableParallelism, loadavg } from 'node:os'
import { isHeddleError, reasonOf } from '../errors.js'
import type { GroupPlan } from '../groups/group-plan.js'
import { isPruneDue, pruneHistory } from '../history/prune-history.js'
import {
  createRunRecord,
  type FileRecord,
  type Outcome,
  type RunHeader,
  type ShardOfRun,
} from '../history/run-record.js'
import { writeRecord } from '../history/write-record.js'
import type { FoundFile } from '../plan/estimate-jobs.js'
import type { HeldTime } from '../serial/held-times.js'
import { toPortablePath } from '../workspace/job-key.js'
import { identifyRun } from './run-id.js'
import { summarizeRun, type RunSummary } from './run-summary.js'
import { PLATFORM, type Session } from './session.js'

/** What an adapter knows when a run starts. */
export interface RunStart {
  readonly host: string
  readonly hostVersion: string
  /** How many files run at once, ≥ 1. */
  readonly workers: number
  /** Whether the host's transform cache was empty. */
  readonly isCold: boolean
  readonly shard?: ShardOfRun | undefined
}

/** What an adapter measured of one file; see {@link FileRecord}. */
export interface FileMeasurement {
  /** Time in the worker slot, waits included, ms. */
  readonly slotMs: number
  /** Time of `slotMs` spent waiting for heddle's own locks, ms. @default 0 */
  readonly waitMs?: number
  readonly tests: number
  readonly retries: number
  readonly outcome: Outcome
  readonly isPartial: boolean
  /** How long the file and its tests held groups and keys that they took themselves. @default nothing */
  readonly held?: readonly HeldTime[] | undefined
}

/** How often the load of the machine is looked at, ms. */
const LOAD_EVERY_MS = 1000

/** Collects one run and writes it to the history. */
export class RunRecorder {
  readonly #session: Session
  readonly #start: RunStart
  readonly #workers: number
  readonly #now: () => number
  readonly #startedAt: number
  #dispatchedAt: number
  readonly #files = new Map<string, FoundFile>()
  /** By key; several of one key where a host runs a file in several unnamed projects. */
  readonly #measured = new Map<string, FileRecord[]>()
  #lastEnd: number
  #load = { atMs: -Infinity, load: 0 }
  #groups: Pick<GroupPlan, 'demandOf' | 'limits'> | undefined
  #hasEnded = false

  constructor(session: Session, start: RunStart, now: () => number = Date.now) {
    this.#session = session
    this.#start = start
    // A record with workers that no reader accepts would be lost.
    this.#workers = Math.max(1, Math.floor(start.workers) || 1)
    this.#now = now
    this.#startedAt = Math.floor(now())
    this.#dispatchedAt = this.#startedAt
    this.#lastEnd = this.#startedAt
  }

  /** Takes the files this run is to cover, in the order in which they will start, and what limits them. Those never measured are recorded as not run. */
  plan(files: readonly FoundFile[], groups?: Pick<GroupPlan, 'demandOf' | 'limits'>): void {
    this.#groups = groups ?? this.#groups
    if (this.#measured.size === 0) this.#dispatchedAt = this.#now()
    for (const file of files) this.#files.set(file.key, file)
  }

  /** Takes the result of a file at the moment it has ended. */
  add(key: string, { slotMs, waitMs = 0, ...measured }: FileMeasurement): void {
    this.#lastEnd = this.#now()
    if (!this.#files.has(key)) this.#files.set(key, { key })
    const durationMs = Math.max(0, slotMs - waitMs)
    const file = { key, durationMs, waitMs, ...measured, load: this.#loadNow() }
    this.#measured.set(key, [...(this.#measured.get(key) ?? []), file])
  }

  /** To ask the system costs as much as anything else that is done for a file, and its answer is the mean of a minute. */
  #loadNow(): number {
    const { atMs, load } = this.#load
    if (this.#lastEnd - atMs < LOAD_EVERY_MS) return load
    this.#load = { atMs: this.#lastEnd, load: loadPerProcessor() }
    return this.#load.load
  }

  has(key: string): boolean {
    return this.#measured.has(key)
  }

  /**
   * Writes the record and prunes the history. Never throws: a history that cannot be written costs a warning, not the
   * user's run. Synchronous, and safe to call twice: hosts end in several ways.
   *
   * @returns undefined if nothing ran or the run had ended before
   */
  end(): RunSummary | undefined {
    if (this.#hasEnded || this.#measured.size === 0) return undefined
    this.#hasEnded = true
    const record = createRunRecord(this.#header(), this.#fileRecords())
    this.#session.addRecord(record)
    this.#store(() => writeRecord(this.#session.historyDir, record))
    this.#store(() => this.#pruneIfDue())
    return this.#summarize()
  }

  #pruneIfDue(): void {
    const { historyDir, workspace, options } = this.#session
    const { runs } = options.history
    if (!isPruneDue(this.#session.records, runs)) return
    pruneHistory(historyDir, { runs, workspace })
    this.#session.reload()
  }

  #store(write: () => void): void {
    try {
      write()
    } catch (error) {
      this.#session.print(isHeddleError(error) ? error.message : `Cannot store the history: ${reasonOf(error)}`)
    }
  }

  #header(): RunHeader {
    const { host, hostVersion, isCold, shard } = this.#start
    const { root, workspace, env } = this.#session
    return {
      ...identifyRun(env),
      startedAt: this.#startedAt,
      host,
      hostVersion,
      root: toPortablePath(workspace, root),
      platform: PLATFORM,
      nodeMajor: Number.parseInt(process.versions.node, 10),
      workers: this.#workers,
      cpus: availableParallelism(),
      isCold,
      ...(shard === undefined ? {} : { shard }),
    }
  }

  #fileRecords(): FileRecord[] {
    return [...this.#files.keys()].flatMap((key) => this.#measured.get(key) ?? [notRun(key)])
  }

  #summarize(): RunSummary {
    const jobs = [...this.#files.values()].flatMap(({ key, stage = 0, batch }) =>
      (this.#measured.get(key) ?? []).map(({ durationMs }) => ({
        key,
        expectedMs: Math.max(1, durationMs),
        isKnown: true,
        hasFailed: false,
        stage,
        batch,
        demand: this.#groups?.demandOf(key),
      })),
    )
    const waitMs = [...this.#measured.values()].flat().reduce((sum, file) => sum + file.waitMs, 0)
    return summarizeRun(jobs, {
      workers: this.#workers,
      makespanMs: this.#lastEnd - this.#dispatchedAt,
      waitMs,
      ...(this.#groups === undefined ? {} : { limits: this.#groups.limits }),
    })
  }
}

function notRun(key: string): FileRecord {
  return { key, durationMs: 0, waitMs: 0, tests: 0, retries: 0, outcome: 'not-run', isPartial: true, load: 0 }
}

function loadPerProcessor(): number {
  return (loadavg()[0] ?? 0) / availableParallelism()
}
