import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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
    createStateDir(dir)
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

/** Creates `.heddle/<name>` with a .gitignore beside it, so that nobody has to add a line to theirs. */
function createStateDir(dir: string): void {
  mkdirSync(dir, { recursive: true })
  const ignore = join(dirname(dir), '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
}
