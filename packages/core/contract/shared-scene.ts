import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'

/** What a run does; see shared-main.cjs and shared-worker.cjs. */
export interface SharedTask {
  readonly workers: number
  readonly files: number
  /** Who creates and destroys: the main process, the workers, or a worker creates and the main process destroys. */
  readonly kind: 'module' | 'functions' | 'mixed'
  readonly scope: 'run' | 'machine'
  readonly useMs?: number
  readonly isEarly?: boolean
}

/** How what is shared behaves; see shared-resource.cjs. */
export interface SharedResource {
  readonly createMs?: number
  /** How often it cannot be created, in all. */
  readonly failures?: number
  /** A file that has to be there before it is created. */
  readonly hangsUntil?: string
}

/** One thing that happened: `uses 4711-x1y2 by 4712`. */
export interface SharedEvent {
  readonly event: string
  /** What it was done to, or what was said. */
  readonly of: string
  readonly pid: number
}

const PATIENCE_MS = 60_000

/** Runs in processes of their own, and the log of what they do to what they share. */
export class SharedScene {
  readonly dir = temporaryDir()
  readonly #log = join(this.dir, 'log')
  readonly #mains: ChildProcess[] = []
  readonly #tasks: SharedTask[] = []
  readonly #killed = new Set<number>()

  constructor() {
    mkdirSync(join(this.dir, 'tmp'))
    writeFileSync(this.#log, '')
    onTestFinished(() => {
      for (const [run] of this.#mains.entries()) this.#killGroup(run)
    })
  }

  /** @returns its number */
  start(task: SharedTask, resource: SharedResource = {}): number {
    const env = {
      ...process.env,
      TMPDIR: join(this.dir, 'tmp'),
      HEDDLE_LOCK_DIR: join(this.dir, 'locks'),
      SHARED_RESOURCE: JSON.stringify({ log: this.#log, ...resource }),
    }
    this.#tasks.push(task)
    const args = [join(__dirname, 'shared-main.cjs'), JSON.stringify(task)]
    return (
      this.#mains.push(
        spawn(process.execPath, args, { env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] }),
      ) - 1
    )
  }

  /** Plays a run from beginning to end. @returns its exit code */
  async play(task: SharedTask, resource: SharedResource = {}): Promise<number | null> {
    return this.end(this.start(task, resource))
  }

  /** @returns the exit code of a run, once it and all its workers have ended */
  async end(run: number): Promise<number | null> {
    const main = this.#main(run)
    if (main.exitCode === null && main.signalCode === null) await once(main, 'exit')
    await this.until(() => this.workersOf(run).every((pid) => this.isKilled(pid) || !this.isLiving(pid)))
    return main.exitCode
  }

  kill(pid: number): void {
    this.#killed.add(pid)
    process.kill(pid, 'SIGKILL')
  }

  /** One that may be ending just now. */
  tryKill(pid: number): void {
    try {
      this.kill(pid)
    } catch {
      this.#killed.delete(pid)
    }
  }

  isLiving(pid: number): boolean {
    return !this.#killed.has(pid) && existsSync(`/proc/${pid}/exe`)
  }

  /** As Ctrl-C does in a terminal: all processes of a run are told. @returns the signal by which its main process ended */
  async interrupt(run: number): Promise<NodeJS.Signals | null> {
    process.kill(-this.pidOf(run), 'SIGINT')
    await this.end(run)
    return this.#main(run).signalCode
  }

  /** How many have been killed. */
  get kills(): number {
    return this.#killed.size
  }

  isKilled(pid: number): boolean {
    return this.#killed.has(pid)
  }

  pidOf(run: number): number {
    return this.#main(run).pid ?? NaN
  }

  workersOf(run: number): number[] {
    return this.events.flatMap(({ event, of, pid }) =>
      event === 'worker' && pid === this.pidOf(run) ? Number(of) : [],
    )
  }

  get events(): SharedEvent[] {
    return readFileSync(this.#log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const words = line.split(' ')
        return { event: words[0] ?? '', of: words.slice(1, -1).join(' '), pid: Number(words.at(-1)) }
      })
  }

  /** What happened, of one kind. */
  of(event: string): SharedEvent[] {
    return this.events.filter((one) => one.event === event)
  }

  /** Waits until so many files have or want their share. */
  async allAsk(count: number): Promise<void> {
    const queues = join(this.dir, 'locks/v1/queues')
    const shares = (): string[] => {
      if (!existsSync(queues)) return []
      const uses = readdirSync(queues).filter((name) => name.startsWith('shared-use'))
      return uses.flatMap((name) => readdirSync(join(queues, name)))
    }
    await this.until(() => shares().length >= count)
    // What they do next takes no time.
    await delay(300)
  }

  write(file: string): void {
    writeFileSync(file, '')
  }

  /** Whether two workers share the same. */
  isTogether(one: number, other: number): boolean {
    const runOf = (pid: number): number => this.#mains.findIndex((_, run) => this.workersOf(run).includes(pid))
    return runOf(one) === runOf(other) || this.#tasks.every(({ scope }) => scope === 'machine')
  }

  /** Waits until something has happened so often. */
  async said(event: string, count = 1): Promise<SharedEvent[]> {
    await this.until(() => this.of(event).length >= count)
    return this.of(event)
  }

  async until(isSo: () => boolean): Promise<void> {
    for (const end = performance.now() + PATIENCE_MS; !isSo(); await delay(5)) {
      if (performance.now() > end) throw new Error(`It never came to that: ${JSON.stringify(this.events.slice(-20))}`)
    }
  }

  /** Files and directories that heddle left, relative. */
  get left(): string[] {
    const names = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir, { recursive: true }).map(String) : [])
    const ofRuns = names(join(this.dir, 'tmp')).filter((name) => /\br-/.test(name))
    return [...ofRuns, ...names(join(this.dir, 'locks/shared'))]
  }

  #killGroup(run: number): void {
    try {
      process.kill(-this.pidOf(run), 'SIGKILL')
    } catch {
      // All have ended.
    }
  }

  #main(run: number): ChildProcess {
    const main = this.#mains[run]
    if (main === undefined) throw new Error(`There is no run ${run}`)
    return main
  }
}
