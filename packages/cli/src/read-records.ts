import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { HeddleError, readHistory, reasonOf, type History } from '@heddle/core'

/**
 * The records in `dirs` and below, each once, even if directories overlap.
 *
 * @throws HeddleError `HEDDLE_USAGE` for a directory that cannot be read: a slip of the pen must not pass for lost shards
 */
export function readRecords(cwd: string, dirs: readonly string[]): History {
  const resolved = dirs.map((dir) => resolve(cwd, dir))
  for (const dir of resolved) assertReadable(dir)
  const { stored, warnings } = readHistory(resolved)
  const byFile = new Map(stored.map((record) => [record.file, record]))
  return { stored: [...byFile.values()], warnings: [...new Set(warnings)] }
}

function assertReadable(dir: string): void {
  try {
    readdirSync(dir)
  } catch (error) {
    throw new HeddleError('HEDDLE_USAGE', {
      problem: `Cannot read records in "${dir}": ${reasonOf(error)}`,
      fix: 'name directories that exist, such as the downloaded artefacts of your shards.',
      cause: error,
    })
  }
}
