/** What a statement does to a transaction. */
export type TransactionCommand =
  | { readonly kind: 'begin' | 'commit' | 'rollback' | 'characteristics' }
  | { readonly kind: 'savepoint' | 'release' | 'rollbackTo'; readonly name: string }

const NAME = String.raw`("(?:[^"]|"")+"|[\w$]+)`
const COMMENT = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/
const PLAIN = [
  [/^(?:begin|start\s+transaction)\b/i, 'begin'],
  [/^(?:commit|end)(?:\s+(?:work|transaction))?\s*$/i, 'commit'],
  [/^(?:rollback|abort)(?:\s+(?:work|transaction))?\s*$/i, 'rollback'],
  [/^set\s+(?:transaction\b|session\s+characteristics\b)/i, 'characteristics'],
] as const
const NAMED = [
  [new RegExp(`^savepoint\\s+${NAME}\\s*$`, 'i'), 'savepoint'],
  [new RegExp(`^release(?:\\s+savepoint)?\\s+${NAME}\\s*$`, 'i'), 'release'],
  [new RegExp(`^rollback(?:\\s+(?:work|transaction))?\\s+to(?:\\s+savepoint)?\\s+${NAME}\\s*$`, 'i'), 'rollbackTo'],
] as const
const HIDDEN =
  /(?:^|;)\s*(?:begin|commit|end|abort|rollback|savepoint|release|start\s+transaction|prepare\s+transaction)\b/i

/** Undefined for an ordinary statement. */
export function transactionCommandOf(text: string): TransactionCommand | undefined {
  const statement = text.replace(COMMENT, '').replace(/[;\s]+$/, '')
  if (statement.includes(';')) return undefined
  for (const [pattern, kind] of PLAIN) if (pattern.test(statement)) return { kind }
  for (const [pattern, kind] of NAMED) {
    const name = pattern.exec(statement)?.[1]
    if (name !== undefined) return { kind, name: name.startsWith('"') ? name : name.toLowerCase() }
  }
  return undefined
}

/** Whether an ordinary statement, or one of several, would end the transaction all the same. */
export function hidesTransactionCommand(text: string): boolean {
  const bare = text.replaceAll(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|\bbegin\s+atomic\b[\s\S]*?\bend\b/gi,
    '',
  )
  return HIDDEN.test(bare)
}
