import { displayKey, planPrune, pruneHistory, readHistory, type Pruned, type Session } from '@heddle/core'
import { EXIT } from '../exit-codes.js'
import { fileExists } from '../file-exists.js'
import { openWorkspace } from '../open-workspace.js'
import { atMost, plural } from '../print/words.js'
import type { Terminal } from '../terminal.js'

export interface PruneOptions {
  /** How many newest runs of every file to keep; undefined: as configured. */
  readonly runs?: number
  readonly dryRun?: boolean
}

/** `heddle history prune` */
export async function prune({ runs, dryRun }: PruneOptions, terminal: Terminal): Promise<number> {
  const session = await openWorkspace(terminal)
  const keep = runs ?? session.options.history.runs
  const pruned =
    dryRun === true
      ? planOnly(session, keep)
      : pruneHistory(session.historyDir, { runs: keep, workspace: session.workspace })
  terminal.stdout.write(formatPruned(pruned, dryRun === true))
  return EXIT.ok
}

function planOnly({ historyDir, workspace }: Session, runs: number): Pruned {
  const { remove, rewrite, goneKeys } = planPrune(readHistory([historyDir]).stored, runs, (key) =>
    fileExists(workspace, key),
  )
  return { removedRecords: remove.length, rewrittenRecords: rewrite.length, goneKeys }
}

export function formatPruned({ removedRecords, rewrittenRecords, goneKeys }: Pruned, isDryRun: boolean): string {
  if (removedRecords + rewrittenRecords === 0) return 'Nothing to prune.\n'
  const [removed, rewrote] = isDryRun ? ['Would remove', 'rewrite'] : ['Removed', 'rewrote']
  const lines = [
    `${removed} ${plural(removedRecords, 'record')}, ${rewrote} ${rewrittenRecords} without files that no longer exist.`,
    ...atMost(goneKeys, (key) => `- ${displayKey(key)}`),
  ]
  return `${lines.join('\n')}\n`
}
