import { existsSync, rmSync } from 'node:fs'
import type * as ProperLockfile from 'proper-lockfile'
import { codeOf, HeddleError, reasonOf } from '../errors.js'
import { fileOfKey } from '../workspace/job-key.js'
import { readHistory, type StoredRecord } from './read-history.js'
import { formatRecord } from './record-text.js'
import { filterRecord, type RunRecord } from './run-record.js'
import { replaceFile } from './write-record.js'

/** What pruning changed. */
export interface Pruned {
  readonly removedRecords: number
  readonly rewrittenRecords: number
  /** Keys of files that no longer exist. */
  readonly goneKeys: readonly string[]
}

interface PruneOptions {
  /** How many newest runs to keep of every file, ≥ 1. */
  readonly runs: number
  /** Keys are relative to it. */
  readonly workspace: string
}

const NOTHING: Pruned = { removedRecords: 0, rewrittenRecords: 0, goneKeys: [] }

/**
 * Keeps what can still serve: a record stays while at least one of its files has fewer than `runs` newer ones, so
 * the packages of a monorepo and the shards of one run never push each other out. Files that no longer exist leave
 * their records. Nothing happens while another run prunes the same directory.
 *
 * @throws HeddleError `HEDDLE_HISTORY_UNWRITABLE`
 */
export function pruneHistory(dir: string, { runs, workspace }: PruneOptions): Pruned {
  try {
    const release = loadLockfile().lockSync(dir)
    try {
      return apply(planPrune(readHistory([dir]).stored, runs, (key) => existsSync(fileOfKey(workspace, key))))
    } finally {
      release()
    }
  } catch (error) {
    if (codeOf(error) === 'ELOCKED' || codeOf(error) === 'ENOENT') return NOTHING
    throw new HeddleError('HEDDLE_HISTORY_UNWRITABLE', {
      problem: `Cannot prune history "${dir}": ${reasonOf(error)}`,
      fix: 'make the directory writable; until then it only grows.',
      cause: error,
    })
  }
}

/** Loaded when something is to be pruned only: it costs every run 17 ms and hooks into the process. */
function loadLockfile(): typeof ProperLockfile {
  return require('proper-lockfile') as typeof ProperLockfile
}

/** Pruning waits until it removes this share of the runs to keep: most runs then neither lock nor read for it. */
const SLACK = 1 / 4

/** Whether so many records are no longer needed that {@link pruneHistory} is worth its time. `records` is oldest first. */
export function isPruneDue(records: readonly RunRecord[], runs: number): boolean {
  // The newest `runs` records are needed whatever they hold.
  if (records.length - runs <= runs * SLACK) return false
  const newer: NewerRuns = { whole: new Map(), partial: new Map() }
  const unneeded = [...records].reverse().filter((record) => !isNeeded(record, runs, newer))
  return unneeded.length > runs * SLACK
}

interface PrunePlan {
  readonly remove: readonly string[]
  readonly rewrite: readonly { readonly file: string; readonly record: RunRecord }[]
  readonly goneKeys: readonly string[]
}

/** Pure: which files to remove, which to write anew. `stored` is oldest first. */
export function planPrune(stored: readonly StoredRecord[], runs: number, exists: (key: string) => boolean): PrunePlan {
  const known = new Map<string, boolean>()
  const remembered = (key: string): boolean => {
    const answer = known.get(key) ?? exists(key)
    known.set(key, answer)
    return answer
  }
  const newer: NewerRuns = { whole: new Map(), partial: new Map() }
  const remove: string[] = []
  const rewrite: { file: string; record: RunRecord }[] = []
  for (const { file, record } of [...stored].reverse()) {
    const slim = filterRecord(record, remembered)
    if (!isNeeded(slim, runs, newer)) remove.push(file)
    else if (slim !== record) rewrite.push({ file, record: slim })
  }
  return { remove, rewrite, goneKeys: [...known].filter(([, isThere]) => !isThere).map(([key]) => key) }
}

/** How many runs of each file are newer than the record looked at. */
interface NewerRuns {
  readonly whole: Map<string, number>
  readonly partial: Map<string, number>
}

/** Counts the record's files in, partial runs apart: they must not push out what a whole run measured. */
function isNeeded({ keys, columns }: RunRecord, runs: number, newer: NewerRuns): boolean {
  let needed = false
  keys.forEach((key, i) => {
    const counts = columns.partial[i] === 1 ? newer.partial : newer.whole
    const count = counts.get(key) ?? 0
    counts.set(key, count + 1)
    needed ||= count < runs
  })
  return needed
}

function apply({ remove, rewrite, goneKeys }: PrunePlan): Pruned {
  for (const { file, record } of rewrite) replaceFile(file, formatRecord(record))
  for (const file of remove) rmSync(file, { force: true })
  return { removedRecords: remove.length, rewrittenRecords: rewrite.length, goneKeys }
}
