/** A statement in a text of several. */
export interface Statement {
  readonly sql: string
  /** Where it begins in the text, in characters from 0. */
  readonly offset: number
}

// Comments (those of /* */ nest: only the outermost level is looked at), strings, names, and bodies in dollar quotes.
const TOKENS =
  /--[^\n]*|\/\*[^]*?\*\/|\b[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<tag>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[^]*?\k<tag>|\bbegin\s+atomic\b|\bcase\b|\bend\b|;/gi

/**
 * Splits a text of SQL at its semicolons: not those in strings, comments, dollar quotes and bodies of `BEGIN ATOMIC … END`.
 * Only for files with statements that have to run on their own; all others are left to the server as they are.
 */
export function splitStatements(text: string): Statement[] {
  const statements: Statement[] = []
  let start = 0
  let depth = 0
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const word = token.toLowerCase()
    if (word.startsWith('begin')) depth += 1
    else if (depth > 0 && word === 'case') depth += 1
    else if (depth > 0 && word === 'end') depth -= 1
    else if (word === ';' && depth === 0) {
      statements.push(...statementOf(text, start, index))
      start = index + 1
    }
  }
  return [...statements, ...statementOf(text, start, text.length)]
}

/** Without comments and strings: to look for key words. */
export function wordsOf(sql: string): string {
  return sql.replaceAll(TOKENS, (token) => (/^\w/.test(token) && !token.includes("'") ? token : ' '))
}

/** For people. */
export function withoutComments(sql: string): string {
  return sql.replaceAll(TOKENS, (token) => (/^(?:--|\/\*)/.test(token) ? ' ' : token))
}

function statementOf(text: string, start: number, end: number): Statement[] {
  const sql = text.slice(start, end)
  const indent = sql.length - sql.trimStart().length
  return wordsOf(sql).trim() === '' ? [] : [{ sql: sql.trim(), offset: start + indent }]
}
