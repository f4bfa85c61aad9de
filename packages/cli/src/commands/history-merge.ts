import { readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import {
  createHistoryDir,
  HeddleError,
  pruneHistory,
  readHistory,
  reasonOf,
  replaceFile,
  type StoredRecord,
} from '@heddle/core'
import { EXIT } from '../exit-codes.js'
import { openWorkspace } from '../open-workspace.js'
import { plural } from '../print/words.js'
import { readRecords } from '../read-records.js'
import type { Terminal } from '../terminal.js'
import { formatPruned } from './history-prune.js'

/** `heddle history merge` */
export async function mergeHistory(dirs: readonly string[], terminal: Terminal): Promise<number> {
  const { historyDir, workspace, options } = await openWorkspace(terminal)
  const { stored, warnings } = readRecords(terminal.cwd, dirs)
  for (const warning of warnings) terminal.stderr.write(`heddle: ${warning}\n`)
  const { copies, known } = planMerge(stored.flatMap(textOf), readHistory([historyDir]).stored.flatMap(textOf))
  copyInto(historyDir, copies)
  const already = known === 0 ? '' : `, ${known} already there`
  const unusable = warnings.length === 0 ? '' : `, ${warnings.length} unusable`
  terminal.stdout.write(
    `Merged ${plural(copies.length, 'record')} into "${relative(terminal.cwd, historyDir)}"${already}${unusable}.\n`,
  )
  const pruned = pruneHistory(historyDir, { runs: options.history.runs, workspace })
  if (pruned.removedRecords + pruned.rewrittenRecords > 0) terminal.stdout.write(formatPruned(pruned, false))
  return EXIT.ok
}

interface RecordText {
  readonly name: string
  readonly text: string
}

/**
 * Which records are new. Names end in random digits, so the same name is the same run, also after pruning took files
 * out of it; the same text under another name is a copy that somebody renamed.
 */
export function planMerge(
  found: readonly RecordText[],
  present: readonly RecordText[],
): { readonly copies: readonly RecordText[]; readonly known: number } {
  const names = new Set(present.map(({ name }) => name))
  const texts = new Set(present.map(({ text }) => text))
  const copies = found.filter(({ name, text }) => {
    if (names.has(name) || texts.has(text)) return false
    names.add(name)
    texts.add(text)
    return true
  })
  return { copies, known: found.length - copies.length }
}

function textOf({ file }: StoredRecord): RecordText[] {
  try {
    return [{ name: basename(file), text: readFileSync(file, 'utf8') }]
  } catch {
    return [] // A run pruned it since it was read as a record.
  }
}

function copyInto(historyDir: string, records: readonly RecordText[]): void {
  if (records.length === 0) return
  try {
    createHistoryDir(historyDir)
    for (const { name, text } of records) replaceFile(join(historyDir, name), text)
  } catch (error) {
    throw new HeddleError('HEDDLE_HISTORY_UNWRITABLE', {
      problem: `Cannot merge into history "${historyDir}": ${reasonOf(error)}`,
      fix: 'make the directory writable, or set HEDDLE_DIR (or `dir` in heddle.config) to one that is.',
      cause: error,
    })
  }
}
