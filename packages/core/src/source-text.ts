const LEADING_COMMENTS = /^(?:#![^\n]*\n|\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*)*/
const LITERAL = /^(['"`])((?:\\.|(?!\1).)*)\1$/

/** Everything before the first statement of a source text. */
export function leadingCommentsOf(source: string): string {
  return LEADING_COMMENTS.exec(source)?.[0] ?? ''
}

/** What a tag in a comment names, apart by spaces or commas. */
export function wordsOf(text = ''): string[] {
  return text.split(/[\s,]+/).filter(Boolean)
}

/**
 * The value of an expression that is a string, a list of strings, or nothing.
 *
 * @returns undefined if it is anything that cannot be known without running it
 */
export function literalsOf(expression: string): string[] | undefined {
  const text = withoutComma(expression)
  const list = /^\[([\s\S]*)\]$/.exec(text)
  return list === null ? valuesOf(text === '' ? [] : [text]) : valuesOf(partsOf(list[1] ?? ''))
}

/** The same for the arguments of a call: strings apart by commas, or one list of them. */
export function literalArgumentsOf(text: string): string[] | undefined {
  return literalsOf(text.trimStart().startsWith('[') ? text : `[${text}]`)
}

/** Formatters put one after the last argument. */
function withoutComma(text: string): string {
  const trimmed = text.trim()
  return trimmed.endsWith(',') ? trimmed.slice(0, -1).trimEnd() : trimmed
}

function partsOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
}

function valuesOf(parts: readonly string[]): string[] | undefined {
  const values = parts.map(valueOf)
  return values.every((value) => value !== undefined) ? values : undefined
}

function valueOf(expression: string): string | undefined {
  const [, quote, text] = LITERAL.exec(expression) ?? []
  return quote === '`' && text?.includes('${') ? undefined : text
}
