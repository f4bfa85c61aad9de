import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PARTICIPANT = fileURLToPath(new URL('participant.mjs', import.meta.url))
const FLOCK_SOURCE = fileURLToPath(new URL('flock.c', import.meta.url))

/** What starts a process at a lock of some kind. */
export function nodeCommand(kind) {
  return (dir, part) => [process.execPath, PARTICIPANT, kind, dir, ...part]
}

/** @returns undefined where there is no C compiler, or no flock(2) */
export function compileFlock(dir) {
  const program = join(dir, 'flock')
  try {
    execFileSync(process.env.CC ?? 'cc', ['-O2', '-o', program, FLOCK_SOURCE], { stdio: 'ignore' })
    return (lockDir, part) => [program, join(lockDir, 'benchmark'), ...part]
  } catch {
    return undefined
  }
}

/** A process that is ready for its part. */
export async function startProcess([file, ...args]) {
  const child = spawn(file, args.map(String), { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = once(child, 'close')
  // It may have been killed.
  child.stdin.on('error', () => {})
  const hear = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${args.join(' ')} ended with ${child.exitCode ?? child.signalCode}`)
    return JSON.parse(value)
  }
  await hear()
  return {
    hear,
    say: (word) => child.stdin.write(`${word}\n`),
    kill: () => child.kill('SIGKILL'),
    /** Ends it if it has not ended. */
    async end() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Starts all, lets them begin together, and collects what they print. */
export async function runTogether(commands) {
  const processes = await Promise.all(commands.map(startProcess))
  try {
    for (const { say } of processes) say('go')
    return await Promise.all(processes.map(({ hear }) => hear()))
  } finally {
    await endAll(processes)
  }
}

export async function endAll(processes) {
  await Promise.all(processes.map(async (one) => one.end()))
}
