import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { disturb } from './lease-litter.js'
import { LogTail } from './lease-log-tail.js'
import { chance } from './lease-random.cjs'

export interface ChaosOptions {
  /** An empty directory. */
  readonly dir: string
  readonly seed: number
  /** Stops when so many have been made. */
  readonly acquisitions: number
  readonly processes: number
  /** Processes with threads, and how many threads each. */
  readonly hosts: number
  readonly threads: number
  /** Mean time between two accidents, ms. */
  readonly accidentEveryMs: number
}

type OpenLog = (file: string) => (event: string, actor: string, request?: string, wants?: string) => void
const { openLog } = createRequire(__filename)('./lease-participant.cjs') as { readonly openLog: OpenLog }

/** Long enough for any queue to empty, on any machine. */
const DRAIN_MS = 60_000

/**
 * Lets participants take leases while they are killed, stopped and robbed, until there were enough, and then lets them
 * finish.
 *
 * @returns the log for the referee, and what was wrong with the processes themselves
 */
export async function runChaos(options: ChaosOptions): Promise<{ log: string; hung: string[]; crashed: string[] }> {
  const chaos = new Chaos(options)
  try {
    await chaos.run()
    return { log: chaos.logFile, hung: await chaos.drain(), crashed: chaos.crashed }
  } finally {
    chaos.killAll()
  }
}

class Chaos {
  readonly logFile: string
  readonly crashed: string[] = []
  readonly #options: ChaosOptions
  readonly #random: () => number
  readonly #log: ReturnType<OpenLog>
  readonly #running = new Map<string, ChildProcess>()
  readonly #locks: string
  readonly #stopFile: string
  #count = 0

  constructor(options: ChaosOptions) {
    this.#options = options
    this.#random = chance(options.seed)
    this.#locks = join(options.dir, 'locks')
    this.#stopFile = join(options.dir, 'stop')
    this.logFile = join(options.dir, 'log')
    this.#log = openLog(this.logFile)
  }

  async run(): Promise<void> {
    const { processes, hosts, acquisitions, accidentEveryMs } = this.#options
    for (let i = 0; i < processes; i++) this.#start('p')
    for (let i = 0; i < hosts; i++) this.#start('h')
    const tail = new LogTail(this.logFile)
    while (tail.begun < acquisitions) {
      await delay(this.#random() * 2 * accidentEveryMs)
      tail.read()
      this.#accident(tail.inside)
    }
    tail.close()
  }

  /** @returns who does not end */
  async drain(): Promise<string[]> {
    writeFileSync(this.#stopFile, '')
    for (const child of this.#running.values()) child.kill('SIGCONT')
    const limit = AbortSignal.timeout(DRAIN_MS)
    const hung: string[] = []
    for (const [actor, child] of this.#running) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      await once(child, 'exit', { signal: limit }).catch(() => hung.push(actor))
    }
    return hung
  }

  killAll(): void {
    for (const child of this.#running.values()) child.kill('SIGKILL')
  }

  #start(kind: 'p' | 'h'): void {
    const actor = `${kind}${this.#count++}`
    const input = {
      actor,
      seed: this.#options.seed * 1000 + this.#count,
      log: this.logFile,
      stopFile: this.#stopFile,
      queues: join(this.#locks, 'v1', 'queues'),
      threads: this.#options.threads,
      endEveryMs: this.#options.accidentEveryMs * 4,
    }
    const script = join(__dirname, kind === 'p' ? 'lease-actor.cjs' : 'lease-threads.cjs')
    const child = spawn(process.execPath, [script, JSON.stringify(input)], {
      env: { ...process.env, HEDDLE_LOCK_DIR: this.#locks },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    this.#running.set(actor, child)
    child.on('exit', (code, signal) => {
      this.#running.delete(actor)
      if (signal === null && code !== 0) this.crashed.push(`${actor} ended with ${code}`)
      if (!existsSync(this.#stopFile)) this.#start(kind)
    })
  }

  #accident(inside: ReadonlySet<string>): void {
    const victim = this.#pickVictim(inside)
    const kind = this.#random()
    if (victim !== undefined && kind < 0.35) this.#kill(victim)
    else if (victim !== undefined && kind < 0.6) void this.#stop(victim)
    else disturb(this.#locks, this.#random)
  }

  /** Half of them from among those inside. */
  #pickVictim(inside: ReadonlySet<string>): string | undefined {
    const living = [...this.#running.keys()]
    const holding = living.filter((actor) => inside.has(actor))
    const candidates = this.#random() < 0.5 && holding.length > 0 ? holding : living
    return candidates[Math.floor(this.#random() * candidates.length)]
  }

  #kill(actor: string): void {
    this.#log('kill', actor)
    this.#running.get(actor)?.kill('SIGKILL')
  }

  async #stop(actor: string): Promise<void> {
    const child = this.#running.get(actor)
    this.#log('stop', actor)
    child?.kill('SIGSTOP')
    await delay(20 + this.#random() * 200)
    this.#log('continue', actor)
    child?.kill('SIGCONT')
  }
}
