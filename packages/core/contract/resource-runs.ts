import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'
import { killNow } from './fixture-runs.js'

/** What the workers of a run do. */
export interface ResourceWork {
  readonly workers: number
  readonly files: number
  readonly tests: number
  readonly perTest: 'reset' | 'clone' | 'file'
  /** How long it takes to make one, and to destroy it. */
  readonly createMs?: number
  readonly testMs?: number
  /** Each worker is killed within this time after it has begun to test, ms; some earlier. */
  readonly killMs?: number
  /** Whether workers close nothing when they have nothing to do any more. */
  readonly leaves?: boolean
  /** How often what is measured is done. */
  readonly times?: number
}

/** A machine on which runs with a resource go on: one place for what it makes, one log of all that happens. */
export class ResourceRuns {
  readonly store = temporaryDir()
  readonly #log = join(temporaryDir(), 'log')
  readonly #tmp = temporaryDir()
  readonly #root = temporaryDir()
  readonly #locks = temporaryDir()

  constructor() {
    writeFileSync(this.#log, '')
    onTestFinished(() => this.pids().forEach(killNow))
  }

  start(work: ResourceWork): ChildProcess {
    const input = JSON.stringify({ ...work, root: this.#root, store: this.store, log: this.#log })
    const main = spawn(process.execPath, [join(__dirname, 'resource-main.cjs'), input], {
      cwd: join(__dirname, '..'),
      env: { ...process.env, TMPDIR: this.#tmp, HEDDLE_LOCK_DIR: this.#locks },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const { pid } = main
    if (pid !== undefined) onTestFinished(() => killNow(pid))
    return main
  }

  /** In the order in which it happened. */
  events(): { readonly event: string; readonly what: string }[] {
    const lines = readFileSync(this.#log, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => ({ event: line.split(' ', 1)[0] ?? '', what: line.slice(line.indexOf(' ') + 1) }))
  }

  whatOf(wanted: string): string[] {
    return this.events().flatMap(({ event, what }) => (event === wanted ? [what] : []))
  }

  /** Of all workers so far. */
  pids(): number[] {
    return this.whatOf('pid').map(Number)
  }

  /** What is there of what was made. */
  left(): string[] {
    return readdirSync(this.store)
  }

  /** What is there of runs themselves. */
  leftOfRuns(): string[] {
    return readdirSync(this.#tmp, { recursive: true }).filter((path) => /r-[0-9a-f]{10}/.test(String(path))) as string[]
  }
}
