import { statSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { resolve } from 'node:path'
import { HeddleError } from '../errors.js'
import { planGroups, type GroupPlan } from '../groups/group-plan.js'
import { scheduledDemandOf, withHints } from '../groups/hints.js'
import { expectedDurations, type Expectation } from '../history/expected-durations.js'
import { expectedHolds } from '../history/expected-holds.js'
import { readHistory } from '../history/read-history.js'
import type { RunRecord } from '../history/run-record.js'
import { readSnapshot } from '../history/snapshot.js'
import { loadOptions } from '../options/load-options.js'
import type { HeddleOptions, ResolvedOptions } from '../options/options.js'
import { estimateJobs, type FoundFile } from '../plan/estimate-jobs.js'
import type { Job } from '../plan/job.js'
import { planOrder, type OrderPlan } from '../plan/plan-order.js'
import { planShards, type ShardPlan } from '../plan/plan-shards.js'
import { fitShardPlan, readShardPlan } from '../plan/shard-plan-file.js'
import { printToStderr } from '../print-to-stderr.js'
import { fileOfKey, toPortablePath } from '../workspace/job-key.js'
import { findWorkspaceRoot } from '../workspace/workspace-root.js'

/** Where a host runs and what the user set inline. */
export interface SessionInput {
  /** The directory the host runs in, absolute. */
  readonly root: string
  readonly inline?: HeddleOptions
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv
  /** Takes one line at a time, without a line break. @default standard error, prefixed with `heddle: ` */
  readonly print?: (line: string) => void
}

/** What an order is planned for. */
export interface OrderRequest {
  /** How many files run at once, ≥ 1. */
  readonly workers: number
  /** What they need besides. @default nothing */
  readonly groups?: GroupPlan | undefined
}

/** A shard as the host was asked for it. */
export interface ShardRequest {
  /** 1-based. */
  readonly index: number
  readonly count: number
}

/** Where the times of a shard plan come from; the same on every machine in all three cases. */
export type ShardSource = 'plan' | 'snapshot' | 'size'

/** The name of this platform in the history. */
export const PLATFORM = `${platform()}-${arch()}`

/**
 * Opens the history of the workspace around `root`.
 *
 * @throws HeddleError `HEDDLE_CONFIG_UNREADABLE`, `HEDDLE_OPTIONS_INVALID`, `HEDDLE_GROUP_UNKNOWN`
 *
 * @example
 * const session = await openSession({ root: process.cwd() })
 * const plan = session.order(files, { workers: 4 })
 */
export async function openSession({
  root,
  inline,
  env = process.env,
  print = printToStderr,
}: SessionInput): Promise<Session> {
  const workspace = findWorkspaceRoot(root)
  const options = await loadOptions(root, workspace, inline)
  return new Session(root, workspace, options, env, print)
}

/** What one host process knows of its workspace: options, history, and the plans made from them. */
export class Session {
  readonly root: string
  readonly workspace: string
  readonly options: ResolvedOptions
  readonly env: NodeJS.ProcessEnv
  readonly print: (line: string) => void
  /** Where the records are. */
  readonly historyDir: string
  #records: RunRecord[] | undefined
  #hasAdvised = false
  #expectations: ReadonlyMap<string, Expectation> | undefined

  constructor(
    root: string,
    workspace: string,
    options: ResolvedOptions,
    env: NodeJS.ProcessEnv,
    print: (line: string) => void,
  ) {
    this.root = root
    this.workspace = workspace
    this.options = options
    this.env = env
    this.print = print
    this.historyDir = resolve(workspace, env['HEDDLE_DIR'] || options.dir, 'history')
  }

  /** Every usable record, oldest first. Unusable ones are warned about, once. */
  get records(): readonly RunRecord[] {
    return (this.#records ??= this.#readRecords())
  }

  /** See {@link expectedDurations}. */
  get expectations(): ReadonlyMap<string, Expectation> {
    return (this.#expectations ??= expectedDurations(this.records, PLATFORM))
  }

  /** Takes a new record in, so that the next plan of this process (watch mode) knows it. */
  addRecord(record: RunRecord): void {
    this.#records = [...this.records, record]
    this.#expectations = undefined
  }

  /** Forgets what was read: the history on disk has changed. */
  reload(): void {
    this.#records = undefined
    this.#expectations = undefined
  }

  /** The jobs of `files`, in the same order. */
  estimate<F extends FoundFile>(files: readonly F[]): (F & Job)[] {
    return estimateJobs(files, { expectations: this.expectations, bytesOf: (key) => this.#bytesOf(key) })
  }

  /** Slowest first, or as the scheduler would start them if there are groups; from this machine's own history. */
  order<F extends FoundFile>(files: readonly F[], { workers, groups }: OrderRequest): OrderPlan<F & Job> {
    const { failedFirst } = this.options
    const jobs = this.estimate(files)
    if (groups === undefined) return planOrder(jobs, { workers, failedFirst })
    const demanding = jobs.map((job) => ({ ...job, demand: scheduledDemandOf(groups, job.key) }))
    return planOrder(demanding, { workers, failedFirst, limits: groups.limits })
  }

  /**
   * Who needs which groups, how much of them, and what goes first, by the rules and by what the files say themselves.
   *
   * @param isPartial whether `files` are known to be only part of the suite: then no warning says what nobody uses
   * @throws HeddleError `HEDDLE_GROUP_UNKNOWN`, `HEDDLE_OPTIONS_INVALID`
   */
  groupPlan(files: readonly FoundFile[], { isPartial }: { readonly isPartial?: boolean } = {}): GroupPlan {
    const { workspace, options } = this
    const knownKeys = (): Iterable<string> => new Set(this.records.flatMap(({ keys }) => keys))
    const keys = files.map(({ key }) => key)
    const rootDir = toPortablePath(workspace, this.root)
    const { groups, rules } = options
    const plan = planGroups({ workspace, rootDir, groups, rules, keys, knownKeys, isPartial })
    return withHints(plan, expectedHolds(this.records), keys)
  }

  /**
   * Splits `files` by times that are the same on every machine: a plan handed to all (`HEDDLE_SHARD_PLAN`), the
   * committed snapshot, or the sizes of the files. Never by the local history: two machines that know different
   * times would run a file twice or not at all.
   *
   * @throws HeddleError `HEDDLE_PLAN_UNREADABLE`, `HEDDLE_PLAN_MISMATCH`, `HEDDLE_SNAPSHOT_UNREADABLE`, `HEDDLE_SHARDS_INVALID`
   */
  shard(files: readonly FoundFile[], count: number): { readonly plan: ShardPlan; readonly source: ShardSource } {
    const file = this.env['HEDDLE_SHARD_PLAN']
    if (file) return { plan: this.#planFromFile(resolve(file), files, count), source: 'plan' }
    const snapshot = readSnapshot(this.snapshotFile)
    const costOf = (key: string): number =>
      snapshot === undefined ? this.#bytesOf(key) : (snapshot.durations.get(key) ?? snapshot.medianMs)
    const plan = planShards(
      files.map(({ key }) => ({ key, expectedMs: costOf(key) })),
      count,
    )
    if (snapshot === undefined) this.#adviseOnShards(count)
    return { plan, source: snapshot === undefined ? 'size' : 'snapshot' }
  }

  get snapshotFile(): string {
    return resolve(this.workspace, this.options.shards.snapshot)
  }

  #planFromFile(file: string, files: readonly FoundFile[], count: number): ShardPlan {
    const plan = readShardPlan(file)
    if (plan.shards.length !== count) throw wrongCount(file, plan.shards.length, count)
    const planned = plan.shards.reduce((sum, shard) => sum + shard.keys.length, 0)
    const meanMs = plan.shards.reduce((sum, shard) => sum + shard.expectedMs, 0) / Math.max(1, planned)
    const jobs = files.map(({ key }) => ({ key, expectedMs: meanMs }))
    return fitShardPlan(plan, jobs, { file, newFiles: this.options.shards.newFiles })
  }

  /** Once: hosts may ask for a shard of each pool. */
  #adviseOnShards(count: number): void {
    if (this.#hasAdvised || this.options.silent) return
    this.#hasAdvised = true
    this.print(
      `shards are split by file size; to split them by time, commit ${this.options.shards.snapshot} ` +
        `(\`heddle history snapshot\`), or hand all shards one plan (\`heddle plan --shards ${count} > plan.json\`, HEDDLE_SHARD_PLAN=plan.json)`,
    )
  }

  #readRecords(): RunRecord[] {
    const { stored, warnings } = readHistory([this.historyDir])
    for (const warning of warnings) this.print(warning)
    return stored.map(({ record }) => record)
  }

  #bytesOf(key: string): number {
    return statSync(fileOfKey(this.workspace, key), { throwIfNoEntry: false })?.size ?? 0
  }
}

function wrongCount(file: string, planned: number, count: number): HeddleError {
  return new HeddleError('HEDDLE_PLAN_MISMATCH', {
    problem: `Cannot use shard plan "${file}" for --shard=…/${count}: it was made for ${planned} shards`,
    fix: `run it with --shard=…/${planned}, or make a plan with \`heddle plan --shards ${count}\`.`,
  })
}
