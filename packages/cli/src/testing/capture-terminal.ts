import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'
import { main } from '../main.js'
import type { Terminal } from '../terminal.js'
import { NOW } from './temp-workspace.js'

export interface CapturedTerminal extends Terminal {
  readonly signals: EventEmitter
  readonly out: () => string
  readonly err: () => string
}

interface Capture {
  readonly isTTY?: boolean
  /** What the user types. */
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
}

/** A terminal that keeps what was written. */
export function captureTerminal(cwd: string, { isTTY = false, input = '', env = {} }: Capture = {}): CapturedTerminal {
  const written = { out: '', err: '' }
  return {
    stdout: { isTTY, write: (text) => (written.out += text) },
    stderr: { isTTY, write: (text) => (written.err += text) },
    stdin: Object.assign(Readable.from([input]), { isTTY }),
    cwd,
    // The host is a process of its own and needs the machine's environment, but not the one of this test run.
    env: { PATH: process.env['PATH'], ...env },
    signals: new EventEmitter(),
    now: () => NOW,
    out: () => written.out,
    err: () => written.err,
  }
}

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs `heddle` in this process. */
export async function heddle(cwd: string, argv: readonly string[], capture: Capture = {}): Promise<Ended> {
  const terminal = captureTerminal(cwd, capture)
  const code = await main(argv, terminal)
  return { code, out: terminal.out(), err: terminal.err() }
}
