import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'
import { start } from './child.js'
import { readLog, violationsOf, type LeaseEvent } from './lease-referee.js'

/**
 * What a participant's code can use: `me` (see lease-participant.cjs), `thread(actor, code)`, `heard('<event> <actor>')`, which
 * waits until somebody has said that, and Node's `require`.
 */
const PRELUDE = `
  const input = require('node:worker_threads').workerData ?? JSON.parse(process.argv[1])
  const { participate } = require('./contract/lease-participant.cjs')
  const me = participate(input.log, input.actor)
  const heard = async (line) => {
    while (!require('node:fs').readFileSync(input.log, 'utf8').includes(' ' + line + ' ')) await me.sleep(5)
  }
  const thread = (actor, code) => new (require('node:worker_threads').Worker)(
    input.prelude + '(async () => {' + code + '})()',
    { eval: true, workerData: { ...input, actor } },
  );
`

/** Long enough for anything, on any machine. */
const PATIENCE_MS = 60_000

export interface SceneOptions {
  /** Code that runs before heddle is loaded. */
  readonly before?: string
  /** How to start Node on the code instead; see {@link start}. */
  readonly launch?: typeof start
}

/** Named participants in processes of their own, and the log of what they do. */
export class Scene {
  readonly log: string
  readonly locks: string
  readonly #children = new Map<string, ChildProcess>()
  readonly #doomed = new Set<string>()

  constructor() {
    const dir = temporaryDir()
    this.locks = join(dir, 'locks')
    this.log = join(dir, 'log')
    writeFileSync(this.log, '')
    onTestFinished(() => {
      for (const child of this.#children.values()) child.kill('SIGKILL')
    })
  }

  start(actor: string, code: string, { before = '', launch = start }: SceneOptions = {}): void {
    const input = { actor, log: this.log, prelude: PRELUDE }
    const env = { ...process.env, HEDDLE_LOCK_DIR: this.locks }
    this.#children.set(actor, launch(`${before};${PRELUDE}(async () => {${code}})()`, input, env))
  }

  /** Starts one, and waits until it says so. */
  async play(actor: string, code: string, until: string, options?: SceneOptions): Promise<void> {
    this.start(actor, code, options)
    await this.said(`${actor} ${until}`)
  }

  /** @param line `<actor> <event>` */
  async said(line: string): Promise<void> {
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await delay(5)) {
      if (this.story(/./).includes(line)) return
    }
    throw new Error(`Nobody said "${line}": ${this.story(/./).join(', ')}`)
  }

  signal(actor: string, signal: NodeJS.Signals): void {
    this.#child(actor).kill(signal)
  }

  /** Ends a process by a signal, and waits for its death. */
  async kill(actor: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child(actor)
    this.#doomed.add(actor)
    this.note('kill', actor)
    child.kill(signal)
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }

  /** Writes into the log. */
  note(event: string, actor: string): void {
    const line = `${process.hrtime.bigint()} ${event} ${actor}`
    writeFileSync(this.log, `${line.padEnd(127)}\n`, { flag: 'a' })
  }

  /** What has happened so far, as `<actor> <event>`. */
  story(events = /^(?:placed|begin|end|kill|exit|note)$/): string[] {
    return this.events.filter(({ event }) => events.test(event)).map(({ actor, event }) => `${actor} ${event}`)
  }

  get events(): LeaseEvent[] {
    return readLog(this.log).filter(({ event }) => event !== '')
  }

  /** Waits until everybody has ended, and makes sure that nobody broke a rule. */
  async end(): Promise<string[]> {
    await this.ended()
    expect(violationsOf(this.events)).toEqual([])
    return this.story()
  }

  /** Waits until everybody has ended, by itself if it was not killed. */
  async ended(): Promise<void> {
    for (const [actor, child] of this.#children) {
      if (child.exitCode === null && child.signalCode === null)
        await once(child, 'exit', { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined)
      if (!this.#doomed.has(actor)) expect(`${actor} ended with ${child.exitCode}`).toBe(`${actor} ended with 0`)
    }
  }

  /** Ms from the death of one to the begin of another. */
  recoveryMs(dead: string, next: string): number {
    const at = (actor: string, wanted: RegExp): number =>
      this.events.find((one) => one.actor === actor && wanted.test(one.event))?.atMs ?? NaN
    return at(next, /begin/) - at(dead, /kill|exit/)
  }

  #child(actor: string): ChildProcess {
    const child = this.#children.get(actor)
    if (child === undefined) throw new Error(`Nobody is called "${actor}"`)
    return child
  }
}
