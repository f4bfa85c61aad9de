import {
  formatMs,
  HeddleError,
  readSnapshot,
  type FoundFile,
  type Job,
  type Session,
  type Snapshot,
} from '@heddle/core'
import { plural } from './print/words.js'

export const TIME_SOURCES = ['history', 'snapshot'] as const
export type TimeSource = (typeof TIME_SOURCES)[number]

/** Files with expected durations, and what to know about those. */
export interface TimedFiles<J extends Job = Job> {
  readonly jobs: readonly J[]
  readonly source: TimeSource | 'size'
  /** A sentence if some times are guesses. */
  readonly note: string | undefined
}

/**
 * Gives every file an expected duration: this machine's history, or the committed snapshot.
 *
 * @throws HeddleError `HEDDLE_SNAPSHOT_UNREADABLE`, also if there is none
 */
export function timeFiles<F extends FoundFile>(
  files: readonly F[],
  source: TimeSource,
  session: Session,
): TimedFiles<F & Job> {
  return source === 'history' ? timeByHistory(files, session) : timeBySnapshot(files, session.snapshotFile)
}

function timeByHistory<F extends FoundFile>(files: readonly F[], session: Session): TimedFiles<F & Job> {
  const jobs = session.estimate(files)
  const unknown = jobs.filter(({ isKnown }) => !isKnown).length
  if (unknown === 0) return { jobs, source: 'history', note: undefined }
  if (unknown < jobs.length) {
    const note = `Never measured: ${unknown} of ${plural(jobs.length, 'file')}; their times are guesses from size.`
    return { jobs, source: 'history', note }
  }
  const note = 'Nothing is measured yet: all times are guesses from file sizes. Run the tests once with heddle.'
  return { jobs, source: 'size', note }
}

function timeBySnapshot<F extends FoundFile>(files: readonly F[], file: string): TimedFiles<F & Job> {
  const snapshot = readSnapshot(file)
  if (snapshot === undefined) throw noSnapshot(file)
  const jobs = files.map((found) => jobOf(found, snapshot))
  const unknown = jobs.filter(({ isKnown }) => !isKnown).length
  const median = formatMs(snapshot.medianMs)
  const note = `Not in the snapshot: ${unknown} of ${plural(jobs.length, 'file')}; they count as its median, ${median}.`
  return { jobs, source: 'snapshot', note: unknown === 0 ? undefined : note }
}

function jobOf<F extends FoundFile>(found: F, { durations, medianMs }: Snapshot): F & Job {
  const { key, stage = 0, batch } = found
  const known = durations.get(key)
  return { ...found, expectedMs: known ?? medianMs, isKnown: known !== undefined, hasFailed: false, stage, batch }
}

function noSnapshot(file: string): HeddleError {
  return new HeddleError('HEDDLE_SNAPSHOT_UNREADABLE', {
    problem: `Cannot read duration snapshot "${file}": it does not exist`,
    fix: 'write it with `heddle history snapshot`, or leave out `--from snapshot`.',
  })
}
