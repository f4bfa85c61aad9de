import { spawn, type ChildProcess } from 'node:child_process'
import { Interrupted, onInterrupt } from './interrupted.js'
import type { Signals, Terminal } from './terminal.js'

/** A host's program, to be run by this Node. */
export interface HostCommand {
  readonly bin: string
  readonly args: readonly string[]
  /** Added to the environment. */
  readonly env: NodeJS.ProcessEnv
  /** What is going on, for the one who waits. */
  readonly progress: string
}

/** How a host ended, and everything it said. */
export interface HostEnd {
  /** `code 1` or `SIGKILL`; undefined if all went well. */
  readonly failure: string | undefined
  readonly output: string
}

/**
 * Runs a host to its end, with no terminal of its own.
 *
 * @param graceMs how long it may take to stop when asked to
 * @throws Interrupted after SIGINT or SIGTERM, when the host is gone
 */
export async function runHost(
  { bin, args, env, progress }: HostCommand,
  terminal: Terminal,
  graceMs = 3000,
): Promise<HostEnd> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: terminal.cwd,
    env: { ...terminal.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const clearProgress = showProgress(progress, terminal)
  const stop = stopOnSignal(child, terminal.signals, graceMs)
  try {
    return await Promise.race([endOf(child), stop.stopped])
  } finally {
    stop.dispose()
    clearProgress()
  }
}

function endOf(child: ChildProcess): Promise<HostEnd> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ failure: message, output }))
    child.once('close', (code, signal) =>
      resolve({ failure: code === 0 ? undefined : (signal ?? `code ${code}`), output }),
    )
  })
}

interface Stop {
  /** Rejects when a signal came and the child is gone. */
  readonly stopped: Promise<never>
  readonly dispose: () => void
}

function stopOnSignal(child: ChildProcess, signals: Signals, graceMs: number): Stop {
  let dispose: () => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    dispose = onInterrupt(signals, (signal) => {
      const end = (): void => reject(new Interrupted(signal))
      // Grandchildren may hold its pipes open, so 'exit', not 'close'.
      if (child.exitCode !== null || child.signalCode !== null) end()
      else child.once('exit', end)
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), graceMs).unref()
    })
  })
  return { stopped, dispose }
}

/** @returns what takes the line away again */
function showProgress(text: string, { stderr }: Terminal): () => void {
  if (stderr.isTTY !== true) return () => {}
  stderr.write(text)
  return () => {
    stderr.write('\r\u001B[2K')
  }
}
