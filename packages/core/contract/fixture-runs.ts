import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'

/** What the workers of a run do. */
export interface FixtureWork {
  readonly workers: number
  readonly files: number
  readonly tests: number
  /** How many directories, and how many sockets, each test asks for. */
  readonly each: number
  /** Whether tests fail and keep their directories at random. */
  readonly isWild?: boolean
  /** How long the run lasts at least. */
  readonly minMs?: number
}

/** A run in processes of its own. */
export interface StartedRun {
  readonly main: ChildProcess
  /** What the main process has said so far. */
  readonly output: () => string
  /** Of its workers. */
  readonly workerPids: () => number[]
}

/** A machine on which runs go on: one temporary directory, one lock directory, one log of all that workers have. */
export class FixtureRuns {
  readonly tmp = temporaryDir()
  readonly log = join(temporaryDir(), 'log')
  readonly #root = temporaryDir()
  readonly #locks = temporaryDir()
  readonly #pids: number[] = []

  constructor() {
    writeFileSync(this.log, '')
    onTestFinished(() => this.#pids.forEach(killNow))
  }

  start(work: FixtureWork): StartedRun {
    const input = JSON.stringify({ ...work, root: this.#root, log: this.log })
    const env = { ...process.env, TMPDIR: this.tmp, HEDDLE_LOCK_DIR: this.#locks }
    const main = spawn(process.execPath, [join(__dirname, 'fixture-main.cjs'), input], {
      cwd: join(__dirname, '..'),
      // With its workers it is a group that can be killed as one.
      detached: true,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (main.pid !== undefined) this.#pids.push(main.pid)
    let output = ''
    main.stdout.on('data', (chunk: Buffer) => (output += String(chunk)))
    const workerPids = (): number[] => {
      const pids = /pids ([\d ]+)\n/.exec(output)?.[1]?.split(' ').map(Number) ?? []
      this.#pids.push(...pids)
      return pids
    }
    return { main, output: () => output, workerPids }
  }

  /** Runs nothing, but sweeps. */
  async sweep(): Promise<void> {
    const { main } = this.start({ workers: 0, files: 0, tests: 0, each: 0, minMs: 300 })
    await exitOf(main)
  }

  /** Bytes: cheap to ask for whoever waits until more has happened. */
  get logSize(): number {
    return statSync(this.log).size
  }

  /** What has happened, in the order in which it did: event and what it is about. */
  events(): { readonly event: string; readonly what: string }[] {
    const lines = readFileSync(this.log, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => ({ event: line.split(' ', 1)[0] ?? '', what: line.slice(line.indexOf(' ') + 1) }))
  }

  whatOf(wanted: string): string[] {
    return this.events().flatMap(({ event, what }) => (event === wanted ? [what] : []))
  }

  /** Everything that is there of runs, by path. */
  left(): string[] {
    const base = join(this.tmp, `heddle-${process.getuid?.()}`)
    return existsSync(base) ? (readdirSync(base, { recursive: true }) as string[]).map((path) => join(base, path)) : []
  }

  /** Leases that somebody holds, whether living or not. */
  leases(): string[] {
    const queues = join(this.#locks, 'v1/queues')
    if (!existsSync(queues)) return []
    return readdirSync(queues).flatMap((name) => readdirSync(join(queues, name)))
  }
}

/** @returns its exit code, or the signal that ended it */
export async function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode ?? child.signalCode
}

/** Kills a run with all of its workers, or with so many of its processes as are given. */
export async function killAll({ main, workerPids }: StartedRun): Promise<void> {
  // Also workers of which it has not told yet.
  killNow(-(main.pid ?? NaN))
  await exitOf(main)
  for (const pid of workerPids()) await untilGone(pid)
}

/** Waits until a process that is nobody's child here has ended. */
export async function untilGone(pid: number): Promise<void> {
  while (isThere(pid)) await delay(5)
}

export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** A process that nobody has collected yet is not. */
function isThere(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** What was held by two at once, was found gone, or went wrong in another way. */
export function violationsOf(events: readonly { readonly event: string; readonly what: string }[]): string[] {
  const held = new Set<string>()
  return events.flatMap(({ event, what }) => {
    if (event === 'end') held.delete(what)
    if (['lost', 'found', 'failed', 'printed'].includes(event)) return [`${event} ${what}`]
    if (event !== 'begin') return []
    const flaw = held.has(what) ? [`held twice: ${what}`] : []
    held.add(what)
    return flaw
  })
}
