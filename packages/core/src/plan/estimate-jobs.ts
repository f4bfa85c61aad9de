import type { Expectation } from '../history/expected-durations.js'
import { median } from '../history/weighted-median.js'
import type { Job } from './job.js'

/** A test file as its host found it. */
export interface FoundFile {
  /** See {@link jobKey}. */
  readonly key: string
  /** See {@link Job}. @default 0 */
  readonly stage?: number | undefined
  /** See {@link Job}. @default undefined */
  readonly batch?: string | undefined
}

interface Estimates {
  readonly expectations: ReadonlyMap<string, Expectation>
  /** The size of a file in bytes, asked for few files only. */
  readonly bytesOf: (key: string) => number
}

/** What a file takes when no file has ever been measured, before scaling by size. */
const UNMEASURED_MS = 1000
/** How many known files are looked at to learn what size is usual. */
const SIZE_SAMPLE = 200
/** A file of unusual size is taken for at most this many times faster or slower than the median. */
const MAX_SCALE = 4

/**
 * Gives every file an expected duration. Files never measured get the median of the measured ones times the square
 * root of their relative size (the exponent that fits the traces of real suites best), never zero. Whatever else an
 * adapter attached to a file stays on its job.
 */
export function estimateJobs<F extends FoundFile>(
  files: readonly F[],
  { expectations, bytesOf }: Estimates,
): (F & Job)[] {
  const estimateUnknown = createSizeEstimate(files, expectations, bytesOf)
  return files.map((file) => {
    const { key, stage = 0, batch } = file
    const known = expectations.get(key)
    return {
      ...file,
      expectedMs: known?.durationMs ?? estimateUnknown(key),
      isKnown: known !== undefined,
      hasFailed: known?.hasFailed ?? false,
      stage,
      batch,
    }
  })
}

function createSizeEstimate(
  files: readonly FoundFile[],
  expectations: ReadonlyMap<string, Expectation>,
  bytesOf: (key: string) => number,
): (key: string) => number {
  const unknown = files.filter(({ key }) => !expectations.has(key))
  if (unknown.length === 0) return () => UNMEASURED_MS
  const known = files.filter(({ key }) => expectations.has(key))
  const measured = known.map(({ key }) => expectations.get(key)?.durationMs ?? UNMEASURED_MS)
  const usualMs = measured.length > 0 ? median(measured) : UNMEASURED_MS
  const usualBytes = median((known.length > 0 ? known : unknown).slice(0, SIZE_SAMPLE).map(({ key }) => bytesOf(key)))
  // With nothing measured, size alone makes the order, so no two sizes may end up equal.
  const maxScale = measured.length > 0 ? MAX_SCALE : Infinity
  return (key) => {
    const scale = Math.sqrt(bytesOf(key) / Math.max(1, usualBytes))
    return Math.max(1, usualMs * Math.min(maxScale, Math.max(1 / maxScale, scale)))
  }
}
