import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, reasonOf } from '../errors.js'
import { createRecordParser } from './record-text.js'
import type { RunRecord } from './run-record.js'

/** A record and the file it came from. */
export interface StoredRecord {
  readonly file: string
  readonly record: RunRecord
}

/** What a history directory holds, and what in it could not be used. */
export interface History {
  /** Oldest first. */
  readonly stored: readonly StoredRecord[]
  /** One line each, naming the file. */
  readonly warnings: readonly string[]
}

/** How history files end; others in the directory are not ours and left alone. */
export const RECORD_EXTENSION = '.jsonl'

/**
 * Reads every record of the given directories and of those inside them. A directory that does not exist is an empty history. A file that is
 * corrupt, cut off, foreign or of a newer version is skipped with one warning; none of this ever throws.
 */
export function readHistory(dirs: readonly string[]): History {
  const parse = createRecordParser()
  const stored: StoredRecord[] = []
  const warnings: string[] = []
  for (const file of dirs.flatMap((dir) => recordFilesIn(dir, warnings))) {
    const text = readText(file, warnings)
    if (text === undefined) continue
    const parsed = parse(text)
    if (parsed.kind === 'record') stored.push({ file, record: parsed.record })
    else warnings.push(`Skipped history file "${file}": ${parsed.reason}; delete it to be rid of this line`)
  }
  stored.sort((a, b) => a.record.header.startedAt - b.record.header.startedAt || (a.file < b.file ? -1 : 1))
  return { stored, warnings }
}

/** The record files of a directory and of those inside it (artefacts of shards come in one each), by path. */
export function recordFilesIn(dir: string, warnings: string[] = []): string[] {
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(RECORD_EXTENSION))
      .sort()
      .map((name) => join(dir, name))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') warnings.push(`Skipped history directory "${dir}": ${reasonOf(error)}`)
    return []
  }
}

function readText(file: string, warnings: string[]): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    // Another run may compact the history between our listing and our reading.
    if (codeOf(error) !== 'ENOENT') warnings.push(`Skipped history file "${file}": ${reasonOf(error)}`)
    return undefined
  }
}
