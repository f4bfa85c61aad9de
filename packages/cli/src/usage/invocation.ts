import type { Terminal } from '../terminal.js'

/** What the commands share. */
export interface Invocation {
  readonly terminal: Terminal
  /** What came after `--`, for the host. */
  readonly hostArgs: readonly string[]
  /** Takes the exit code of the command that ran. */
  readonly onEnd: (exitCode: number) => void
}
