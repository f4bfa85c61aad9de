import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { HeddleError, reasonOf } from '../errors.js'
import { RECORD_EXTENSION } from './read-history.js'
import { formatRecord } from './record-text.js'
import type { RunRecord } from './run-record.js'

/**
 * Appends one run to the history, as a file of its own: readers see all of it or nothing, and no other run or shard
 * ever writes the same file. Synchronous, because it also runs while the process exits.
 *
 * @returns the file written
 * @throws HeddleError `HEDDLE_HISTORY_UNWRITABLE`
 */
export function writeRecord(dir: string, record: RunRecord): string {
  const { startedAt, shard } = record.header
  const time = new Date(startedAt).toISOString().replaceAll(/[-:.]/g, '')
  const part = shard === undefined ? '' : `-s${shard.index}of${shard.count}`
  const file = join(dir, `${time}${part}-${randomBytes(4).toString('hex')}${RECORD_EXTENSION}`)
  try {
    createHistoryDir(dir)
    replaceFile(file, formatRecord(record))
  } catch (error) {
    throw new HeddleError('HEDDLE_HISTORY_UNWRITABLE', {
      problem: `Cannot write history file "${file}": ${reasonOf(error)}`,
      fix: 'make the directory writable, or set HEDDLE_DIR (or `dir` in heddle.config) to one that is.',
      cause: error,
    })
  }
  return file
}

/** Replaces a file in one step. Without fsync: losing the last record to a power cut is cheaper than a sync in each run. */
export function replaceFile(file: string, text: string): void {
  writeFileAtomic.sync(file, text, { fsync: false })
}

/**
 * Creates `.heddle/<name>`, and with `.heddle` a .gitignore in it, so that nobody has to add a line to theirs. A
 * directory that was there before is the user's: ignoring all of it could hide what is to be committed.
 */
export function createHistoryDir(dir: string): void {
  const firstCreated = mkdirSync(dir, { recursive: true })
  if (firstCreated === undefined || resolve(firstCreated) === resolve(dir)) return
  writeFileSync(join(dirname(dir), '.gitignore'), '*\n')
}
