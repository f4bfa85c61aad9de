import { EventEmitter } from 'node:events'
import type { PoolName, PoolOptions, PoolWorker, WorkerRequest, WorkerResponse } from './host.js'
import { isResponse, type Owner, type RealWorker, type StartRequest } from './real-worker.js'

export type RunRequest = Extract<WorkerRequest, { type: 'run' | 'collect' }>

/** What decides when a file really starts. */
export interface Turns {
  /** The file wants to run. */
  enqueue(worker: VirtualWorker, request: RunRequest): void
  /** The file need not run any more, or its worker is to end at once. */
  drop(worker: VirtualWorker): void
  /** The file has ended. Its worker may go on to another file, and is then not this one's any more. */
  finish(worker: VirtualWorker): void
}

interface VirtualWorkerParts {
  readonly pool: PoolName
  /** What Vitest calls the pool. */
  readonly name: string
  readonly options: PoolOptions
  /** A worker of the same pool, for what Vitest reads from it. */
  readonly like: PoolWorker
}

/**
 * What Vitest takes for the worker of a file: an object without a process. It answers at once that it has started, and
 * passes everything on once the file has its turn.
 */
export class VirtualWorker implements PoolWorker, Owner {
  readonly pool: PoolName
  readonly name: string
  readonly options: PoolOptions
  declare readonly cacheFs?: boolean
  declare readonly reportMemory?: boolean
  /** The worker that runs the file, from the moment it is chosen. */
  real: RealWorker | undefined
  readonly #turns: Turns
  readonly #emitter = new EventEmitter()
  /** Workers between two files: what they asked through this one is answered through it. */
  readonly #wards = new Set<RealWorker>()
  #start: StartRequest | undefined

  constructor({ pool, name, options, like }: VirtualWorkerParts, turns: Turns) {
    this.pool = pool
    this.name = name
    this.options = options
    if (like.cacheFs !== undefined) this.cacheFs = like.cacheFs
    if (like.reportMemory !== undefined) this.reportMemory = like.reportMemory
    this.#turns = turns
  }

  /** How Vitest wants the worker started. */
  get startRequest(): StartRequest {
    if (this.#start === undefined) throw new Error('Vitest asks to run a file before it has started a worker')
    return this.#start
  }

  on(event: string, callback: (arg: unknown) => void): void {
    this.#emitter.on(event, callback)
  }

  off(event: string, callback: (arg: unknown) => void): void {
    this.#emitter.off(event, callback)
  }

  deserialize(message: unknown): unknown {
    return message
  }

  async start(): Promise<void> {
    // There is nothing to start yet.
  }

  async stop(): Promise<void> {
    this.#turns.drop(this)
    await this.real?.stop()
  }

  send(message: WorkerRequest): void {
    switch (isRequest(message) ? message.type : 'rpc') {
      case 'start':
        this.#start = message as StartRequest
        this.answer({ type: 'started' })
        break
      case 'run':
      case 'collect':
        this.#turns.enqueue(this, message as RunRequest)
        break
      case 'stop':
        if (this.real === undefined) this.answer({ type: 'stopped' })
        else this.real.letStop(message)
        break
      case 'cancel':
      case 'rpc':
        this.real?.send(message)
        for (const ward of this.#wards) ward.send(message)
    }
  }

  receive(message: unknown): void {
    if (!isResponse(message) || message.type !== 'testfileFinished') this.#emitter.emit('message', message)
    else this.#finish(message)
  }

  /** Passes on what a worker says that has no file: only Vitest can answer it. */
  speakFor(ward: RealWorker, message: unknown): void {
    this.#wards.add(ward)
    if (!isResponse(message)) this.#emitter.emit('message', message)
  }

  fail(error: unknown): void {
    this.#emitter.emit('error', error)
  }

  lose(...how: readonly unknown[]): void {
    // Vitest does not stop a worker that has ended by itself.
    this.#turns.drop(this)
    this.#emitter.emit('exit', ...how)
  }

  /** Tells Vitest something in the name of a worker. */
  answer(response: EachWithout<WorkerResponse, '__vitest_worker_response__'>): void {
    this.#emitter.emit('message', { ...response, __vitest_worker_response__: true })
  }

  #finish(message: WorkerResponse): void {
    this.#turns.finish(this)
    this.#emitter.emit('message', message)
  }
}

type EachWithout<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function isRequest(message: unknown): message is WorkerRequest {
  return typeof message === 'object' && message !== null && '__vitest_worker_request__' in message
}
