import type { Job } from '../plan/job.js'
import { makespanOf, type LowerBound } from '../plan/makespan.js'
import { planOrder } from '../plan/plan-order.js'
import { displayKey } from '../workspace/job-key.js'

/** How good a run was. */
export interface RunSummary {
  readonly files: number
  readonly workers: number
  /** From the start of the run to the end of its last file, ms. */
  readonly makespanMs: number
  /** What no order of the measured durations could have beaten. */
  readonly lowerBound: LowerBound
  /** What slowest first would have saved over the order in which the files started, ms, ≥ 0. */
  readonly gainMs: number
  /** How long files waited for heddle's own locks (groups and serial tests), all together, ms. */
  readonly waitMs: number
}

interface Measured {
  readonly workers: number
  readonly makespanMs: number
  /** @default 0 */
  readonly waitMs?: number
  /** Limits of groups by name. */
  readonly limits?: ReadonlyMap<string, number>
}

/** @param jobs in the order in which they started, `expectedMs` as measured in this run */
export function summarizeRun(
  jobs: readonly Job[],
  { workers, makespanMs, waitMs = 0, limits = new Map() }: Measured,
): RunSummary {
  const { lowerBound, expectedMakespanMs } = planOrder(jobs, { workers, limits })
  const gainMs = Math.max(0, makespanOf(jobs, workers, limits) - expectedMakespanMs)
  return { files: jobs.length, workers, makespanMs, lowerBound, gainMs, waitMs }
}

/** A gain or a wait below this share of the run is not worth a word. */
const NOTABLE_SHARE = 0.05
const NOTABLE_MS = 100

/** One line for people. */
export function formatSummary({ files, workers, makespanMs, lowerBound, gainMs, waitMs }: RunSummary): string {
  const ratio = lowerBound.ms > 0 ? `, ${(makespanMs / lowerBound.ms).toFixed(2)}× the lower bound` : ''
  const bound = formatSetter(lowerBound)
  const isNotable = (ms: number): boolean => ms >= NOTABLE_MS && ms >= makespanMs * NOTABLE_SHARE
  const gain = isNotable(gainMs) ? `; slowest first will save ${formatMs(gainMs)} next time` : ''
  const wait = isNotable(waitMs) ? `; ${formatMs(waitMs)} waiting for groups and serial tests` : ''
  return `${plural(files, 'file')} on ${plural(workers, 'worker')} in ${formatMs(makespanMs)}${ratio} (${formatMs(lowerBound.ms)}${bound})${gain}${wait}`
}

function formatSetter({ key, group, chain }: LowerBound): string {
  if (group !== undefined) return ` set by group ${group}`
  if (chain !== undefined) return ` set by ${plural(chain, 'file')} that exclude each other`
  return key === undefined ? '' : ` set by ${displayKey(key)}`
}

/** `850 ms`, `12.3 s`, `4 min 05 s`. */
export function formatMs(ms: number): string {
  // Rounded before compared: 999.6 is "1.0 s", not "1000 ms".
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`
  const tenths = Math.round(ms / 100)
  if (tenths < 1200) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
