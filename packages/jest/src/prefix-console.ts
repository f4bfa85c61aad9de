/** How Jest's console keeps or prints what tests say; the same in Jest 29 and 30. */
interface HostConsole {
  /** What is told when the file has ended. */
  getBuffer?(): readonly { message: string }[] | undefined
  /** Makes what is printed at once, with `verbose`. */
  _formatBuffer?: Format
}

type Format = (type: string, message: string) => string

/** What Jest itself makes of a message: with the line that it came from, so many calls above. */
export type FormatMessage = (type: string, message: string, stackLevel: number) => string

/**
 * Puts a prefix before each line that tests print with Jest's console.
 *
 * @param format undefined where it is not known: then what is printed at once is left as it is
 * @returns to be called when the file has ended
 */
export function prefixConsole(
  console: object,
  prefix: (text: string) => string,
  format: FormatMessage | undefined,
): () => void {
  const host = console as HostConsole
  // Not around Jest's own: with one call more, it would show another line for that of the test.
  if (format !== undefined && host._formatBuffer !== undefined)
    host._formatBuffer = (type, message) => format(type, prefix(message), LEVEL)
  return () => {
    for (const entry of host.getBuffer?.() ?? []) entry.message = prefix(entry.message)
  }
}

/** The head of a stack, whoever formats, {@link prefixConsole}, and two calls of the console. */
const LEVEL = 5
