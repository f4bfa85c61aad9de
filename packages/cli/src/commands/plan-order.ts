import { planOrder, scheduleJobs, type Job, type OrderPlan, type Session } from '@heddle/core'
import { fileOfKey } from '../file-of-key.js'
import { colorsFor } from '../print/colors.js'
import { formatOrder } from '../print/plan-tables.js'
import type { Terminal } from '../terminal.js'
import type { TimedFiles } from '../time-files.js'
import { DEFAULT_LIMIT, roundMs } from './history.js'

interface Wanted {
  readonly workers: number
  readonly limit?: number
  readonly all?: boolean
  readonly json?: boolean
}

interface Place {
  readonly session: Session
  readonly terminal: Terminal
}

/** What each worker of one machine will run, in the order that the host would be given here. */
export function writeOrderPlan(timed: TimedFiles, wanted: Wanted, { session, terminal }: Place): void {
  const { workers, limit, all, json } = wanted
  const { stdout, stderr, env } = terminal
  const order = planOrder(timed.jobs, { workers, failedFirst: session.options.failedFirst })
  if (timed.note !== undefined) stderr.write(`heddle: ${timed.note}\n`)
  if (json === true) {
    stdout.write(formatOrderJson(order, { workers, limit: limit ?? Infinity, source: timed.source }))
  } else {
    const shown = all === true ? Infinity : (limit ?? DEFAULT_LIMIT)
    stdout.write(formatOrder(order, { workers, limit: shown, colors: colorsFor(stdout, env) }))
  }
}

interface Listed {
  readonly workers: number
  readonly limit: number
  readonly source: TimedFiles['source']
}

/** For machines; times in ms. */
function formatOrderJson(order: OrderPlan, { workers, limit, source }: Listed): string {
  const { expectedMakespanMs, lowerBound } = order
  const files = scheduleJobs(order.jobs, workers)
    .slice(0, limit)
    .map(({ job, worker, startMs }) => ({ ...fileOfKey(job.key), worker, startMs, ...timesOf(job) }))
  const setBy = lowerBound.key === undefined ? null : fileOfKey(lowerBound.key)
  const text = { workers, source, expectedMakespanMs, lowerBound: { ms: lowerBound.ms, setBy }, files }
  return `${JSON.stringify(text, roundMs, 2)}\n`
}

function timesOf({ expectedMs, isKnown, hasFailed }: Job): Pick<Job, 'expectedMs' | 'isKnown' | 'hasFailed'> {
  return { expectedMs, isKnown, hasFailed }
}
