import { spawn } from 'node:child_process'
import { HeddleError } from '@heddle/core'

/** Where a command runs. */
export interface CommandPlace {
  readonly root: string
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** Ends it, and what it has started. */
  readonly signal: AbortSignal
}

const LINES_SHOWN = 30
const POSIX = process.platform !== 'win32'

/**
 * Runs a command in the shell, and shows the end of what it printed if it fails.
 *
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED`; the reason of the signal, if that is what ended it
 */
export async function runCommand(command: string, place: CommandPlace): Promise<void> {
  place.signal.throwIfAborted()
  const { end, output } = await outcomeOf(command, place)
  place.signal.throwIfAborted()
  if (end === undefined) return
  const shown = output.trimEnd().split('\n').slice(-LINES_SHOWN).join('\n  ')
  throw new HeddleError('HEDDLE_MIGRATION_FAILED', {
    problem: `Cannot run "${command}": ${end}, ${shown === '' ? 'it printed nothing' : `its output ends with\n  ${shown}`}`,
    fix: 'run it by hand with DATABASE_URL set to an empty database, and mend what it says.',
  })
}

function outcomeOf(
  command: string,
  { root, env, signal }: CommandPlace,
): Promise<{ readonly end: string | undefined; readonly output: string }> {
  return new Promise((resolve) => {
    // A process group of its own, so that everything that the shell starts can be ended.
    const child = spawn(command, { shell: true, cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: POSIX })
    let output = ''
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-100_000)
    }
    const kill = (): void => endAll(child.pid)
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => resolve({ end: error.message, output }))
    child.on('close', (code, by) => {
      signal.removeEventListener('abort', kill)
      resolve({ end: code === 0 ? undefined : by === null ? `exit code ${code}` : `ended by ${by}`, output })
    })
    signal.addEventListener('abort', kill)
  })
}

function endAll(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(POSIX ? -pid : pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
