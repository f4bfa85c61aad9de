import { createRequire } from 'node:module'
import type * as core from '@heddle/core/fixtures'
import type { StartingFile } from './open-fixtures.js'
import { prefixConsole, type FormatMessage } from './prefix-console.js'

const requireHere = createRequire(__filename)

/**
 * Lets every line that a file prints begin with its slot and name.
 *
 * @returns to be called when it has ended
 */
export function prefixFile({ path: file, slot, sandbox }: StartingFile, format: FormatMessage | undefined): () => void {
  const { linePrefix, prefixLines } = requireHere('@heddle/core/fixtures') as typeof core
  const prefix = linePrefix({ slot, file })
  const { console } = sandbox as { readonly console: object }
  return prefixConsole(console, (text) => prefixLines(text, prefix), format)
}
