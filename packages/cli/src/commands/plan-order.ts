import {
  planOrder,
  scheduleJobs,
  type Job,
  type LowerBound,
  type OrderPlan,
  type ScheduledJob,
  type Session,
} from '@heddle/core'
import { fileOfKey, type NamedFile } from '../file-of-key.js'
import type { DemandingJob } from '../plan-groups.js'
import { colorsFor } from '../print/colors.js'
import { formatOrder } from '../print/plan-tables.js'
import type { Terminal } from '../terminal.js'
import type { TimedFiles } from '../time-files.js'
import { DEFAULT_LIMIT, roundMs } from './history.js'

interface Wanted {
  readonly workers: number
  /** Limits of groups by name. */
  readonly limits: ReadonlyMap<string, number>
  readonly limit?: number
  readonly all?: boolean
  readonly json?: boolean
}

interface Place {
  readonly session: Session
  readonly terminal: Terminal
}

/** What each worker of one machine will run, in the order that the host would be given here. */
export function writeOrderPlan(timed: TimedFiles<DemandingJob>, wanted: Wanted, { session, terminal }: Place): void {
  const { workers, limit, all, json } = wanted
  const { stdout, stderr, env } = terminal
  const { jobs, limits } = withHints(timed.jobs, wanted.limits)
  const order = planOrder(jobs, { workers, failedFirst: session.options.failedFirst, limits })
  const scheduled = scheduleJobs(order.jobs, workers, limits)
  if (timed.note !== undefined) stderr.write(`heddle: ${timed.note}\n`)
  if (json === true) {
    stdout.write(formatOrderJson(order, scheduled, { workers, limit: limit ?? Infinity, source: timed.source }))
  } else {
    const shown = all === true ? Infinity : (limit ?? DEFAULT_LIMIT)
    stdout.write(formatOrder(order, scheduled, { workers, limit: shown, colors: colorsFor(stdout, env) }))
  }
}

interface Hinted {
  readonly jobs: readonly DemandingJob[]
  readonly limits: ReadonlyMap<string, number>
}

/** As a run schedules them: files whose tests hold something for most of the time count as its members. */
function withHints(jobs: readonly DemandingJob[], limits: Hinted['limits']): Hinted {
  const hinted = jobs.flatMap(({ hints }) => hints.map(({ group }) => [group, Infinity] as const))
  return {
    jobs: jobs.map((job) => ({ ...job, demand: { ...job.demand, groups: [...job.demand.groups, ...job.hints] } })),
    limits: new Map([...hinted, ...limits]),
  }
}

interface Listed {
  readonly workers: number
  readonly limit: number
  readonly source: TimedFiles['source']
}

/** For machines; times in ms. */
function formatOrderJson(
  { expectedMakespanMs, lowerBound }: OrderPlan,
  scheduled: readonly ScheduledJob<DemandingJob>[],
  { workers, limit, source }: Listed,
): string {
  const files = scheduled
    .slice(0, limit)
    .map(({ job, worker, startMs }) => ({ ...fileOfKey(job.key), worker, startMs, ...timesOf(job), ...job.demand }))
  const text = {
    workers,
    source,
    expectedMakespanMs,
    lowerBound: { ms: lowerBound.ms, setBy: setterOf(lowerBound) },
    files,
  }
  return `${JSON.stringify(text, roundMs, 2)}\n`
}

/** A file, a group, so many files of which no two can run at once, or null for the sum of all files. */
function setterOf({
  key,
  group,
  chain,
}: LowerBound): NamedFile | { readonly group: string } | { readonly chain: number } | null {
  if (chain !== undefined) return { chain }
  if (group !== undefined) return { group }
  return key === undefined ? null : fileOfKey(key)
}

function timesOf({ expectedMs, isKnown, hasFailed }: Job): Pick<Job, 'expectedMs' | 'isKnown' | 'hasFailed'> {
  return { expectedMs, isKnown, hasFailed }
}
