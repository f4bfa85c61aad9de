import type { TestProject } from 'vitest/node'
import type { PoolWorker, WorkerRequest, WorkerResponse } from './host.js'

/** Who gets what a worker says. */
export interface Owner {
  receive(message: unknown): void
  fail(error: unknown): void
  /** The worker has ended, and nobody asked it to. */
  lose(...how: readonly unknown[]): void
}

export type StartRequest = Extract<WorkerRequest, { type: 'start' }>

/** As long as Vitest waits for the same. */
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 60_000

/**
 * A process or thread of Vitest's own, from its start until it has really gone. It may have several owners, one after
 * the other.
 */
export class RealWorker {
  /** Files of one kind can run in it, one after the other; undefined: one file alone. */
  readonly kind: string | undefined
  readonly project: TestProject
  /** Whoever gets what it says; while there is none, nobody does. */
  owner: Owner | undefined
  /** Settled once its process or thread no longer exists. */
  readonly gone: Promise<void>
  readonly #host: PoolWorker
  #markGone: () => void = () => undefined
  #isUp = false
  #isReady = false
  #isGone = false
  #onResponse: ((response: WorkerResponse) => void) | undefined

  constructor(host: PoolWorker, project: TestProject, kind: string | undefined) {
    this.#host = host
    this.project = project
    this.kind = kind
    this.gone = new Promise((resolve) => (this.#markGone = resolve))
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** Starts it and waits until it is ready for a file. If that fails, it is gone. */
  async start(request: StartRequest): Promise<void> {
    try {
      await this.#host.start()
      this.#isUp = true
      this.#listen()
      const ready = this.#response('started', START_TIMEOUT_MS)
      this.#host.send({ ...request, context: { ...request.context, pool: this.#host.name } })
      const { error } = await ready
      if (error !== undefined) throw error
      this.#isReady = true
    } catch (error) {
      await this.stop().catch(() => undefined)
      this.#end()
      throw error
    }
  }

  send(message: WorkerRequest): void {
    if (this.#isUp && !this.#isGone) this.#host.send(message)
  }

  /** Passes on that it is to tear down; it is ended if that takes longer than Vitest waits for it. */
  letStop(request: WorkerRequest): void {
    this.send(request)
    const timer = setTimeout(() => void this.stop().catch(() => undefined), STOP_TIMEOUT_MS)
    void this.gone.then(() => clearTimeout(timer))
  }

  /** Lets it tear down what its tests have set up, then ends it. @returns what went wrong in that */
  async close(): Promise<unknown> {
    if (this.#isGone) return undefined
    const stopped = this.#response('stopped', STOP_TIMEOUT_MS)
    this.send({ type: 'stop', __vitest_worker_request__: true })
    const response = await stopped.catch((error: unknown) => ({ error }))
    const failure = await this.stop().catch((error: unknown) => error)
    return response.error ?? failure
  }

  /** Ends it at once. Vitest's own method would wait for ever for a process that a signal has ended before. */
  async stop(): Promise<void> {
    if (this.#isUp && !this.#isGone) await this.#host.stop()
  }

  #listen(): void {
    this.#host.on('message', (message: unknown) => this.#hear(message))
    this.#host.on('error', (error: unknown) => this.owner?.fail(error))
    this.#host.on('exit', (...how: readonly unknown[]) => {
      this.#end()
      if (this.#isReady) this.owner?.lose(...how)
    })
  }

  #hear(raw: unknown): void {
    const message = this.#host.deserialize(raw)
    if (this.#onResponse !== undefined && isResponse(message)) this.#onResponse(message)
    else this.owner?.receive(raw)
  }

  #end(): void {
    this.#isGone = true
    this.#markGone()
  }

  /** Its next answer of a type. @throws if it ends before, or takes too long */
  async #response(type: 'started' | 'stopped', timeoutMs: number): Promise<{ readonly error?: unknown }> {
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve, reject) => {
        this.#onResponse = (response) => response.type === type && resolve(response)
        const giveUp = (why: string) => (): void => reject(new Error(`The worker ${why} before it was ${type}`))
        timer = setTimeout(giveUp('did not respond'), timeoutMs)
        void this.gone.then(giveUp('exited unexpectedly'))
      })
    } finally {
      clearTimeout(timer)
      this.#onResponse = undefined
    }
  }
}

export function isResponse(message: unknown): message is WorkerResponse {
  return typeof message === 'object' && message !== null && '__vitest_worker_response__' in message
}
