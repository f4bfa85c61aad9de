import { leadingCommentsOf, literalsOf, wordsOf } from '../source-text.js'
import { claimOf, type SerialClaim, type SerialMode } from './serial-claim.js'

const FILE_CALL = /^[ \t]*(?:await\s+)?serial(\.shared)?\.file\(([^)]*)\);?[ \t]*(?:\/\/.*)?$/m
const PRAGMA = /^[\s/*]*@serial(-shared)?(?:[ \t]+([^\r\n]*?))?[ \t]*(?:\*\/.*)?$/m

/**
 * What a test file claims for as long as it runs, read from its source, because it is taken before the file's module
 * runs: `serial.file('ledger')` on a line of its own, or `@serial ledger` (keys apart by spaces or commas) in a comment
 * at its top.
 *
 * @returns undefined if it claims nothing, or nothing that can be read without running it
 * @throws HeddleError `HEDDLE_SERIAL_INVALID`
 */
export function fileClaimOf(source: string): SerialClaim | undefined {
  if (!source.includes('serial')) return undefined
  const pragma = PRAGMA.exec(leadingCommentsOf(source))
  if (pragma !== null) return claimOfKeys(wordsOf(pragma[2]), modeOf(pragma[1]))
  const call = FILE_CALL.exec(source)
  if (call === null) return undefined
  const keys = literalsOf(call[2] ?? '')
  return keys === undefined ? undefined : claimOfKeys(keys, modeOf(call[1]))
}

function modeOf(shared: string | undefined): SerialMode {
  return shared === undefined ? 'exclusive' : 'shared'
}

function claimOfKeys(keys: readonly string[], mode: SerialMode): SerialClaim {
  return claimOf(keys.length === 0 ? undefined : keys, mode)
}
