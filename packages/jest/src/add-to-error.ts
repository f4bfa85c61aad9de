/**
 * Adds a paragraph to the message of an error of a test, above its stack.
 *
 * @param error as jest-circus keeps it: what was thrown, which may be anything, alone or with the place of the test
 * @returns what to keep in its place; undefined if nothing can be added to it
 */
export function addToError(error: unknown, paragraph: string): unknown {
  if (Array.isArray(error)) {
    const [thrown, ...place] = error as readonly unknown[]
    const extended = addToThrown(thrown, paragraph)
    return extended === undefined ? undefined : [extended, ...place]
  }
  return addToThrown(error, paragraph)
}

function addToThrown(thrown: unknown, paragraph: string): unknown {
  if (typeof thrown === 'string') return `${thrown}\n\n${paragraph}`
  if (typeof thrown !== 'object' || thrown === null) return undefined
  const changed = changedTexts(thrown, paragraph)
  return changed && Reflect.set(thrown, 'message', changed.message) && Reflect.set(thrown, 'stack', changed.stack)
    ? thrown
    : undefined
}

interface Texts {
  readonly message?: unknown
  readonly stack?: unknown
}

/** Jest shows the stack where there is one, else the message. */
function changedTexts(thrown: Texts, paragraph: string): Texts | undefined {
  const { message, stack } = thrown
  if (typeof message !== 'string') return undefined
  const changed = `${message}\n\n${paragraph}`
  return { message: changed, stack: typeof stack === 'string' ? withParagraph(stack, paragraph) : stack }
}

function withParagraph(stack: string, paragraph: string): string {
  const frames = /\n\s+at .*:\d+:\d+/.exec(stack)
  const end = frames?.index ?? stack.length
  return `${stack.slice(0, end)}\n\n${paragraph}${stack.slice(end)}`
}
