import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { untilInterrupted } from './interrupted.js'
import type { Terminal } from './terminal.js'

/**
 * Asks the user for a line.
 *
 * @returns an empty one if there is none (Ctrl-D)
 * @throws Interrupted after Ctrl-C
 */
export async function ask(question: string, { stdin, stderr, signals }: Terminal): Promise<string> {
  stderr.write(question)
  // Without `terminal` Ctrl-C stays a signal.
  const lines = createInterface({ input: stdin, terminal: false })
  try {
    const [line] = (await untilInterrupted(signals, (signal) =>
      Promise.race([once(lines, 'line', { signal }), once(lines, 'close', { signal })]),
    )) as [string?]
    if (line === undefined) stderr.write('\n')
    return line ?? ''
  } finally {
    lines.close()
  }
}
