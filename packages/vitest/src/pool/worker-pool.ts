import type { Admission } from '@heddle/core'
import { isCancelling } from '../host.js'
import type { Gate, HandedOut } from './gate.js'
import { createHostWorker, isIsolated, reportCancelled, reportTeardownError } from './host.js'
import type { PoolName, PoolOptions, PoolWorker } from './host.js'
import { RealWorker, type Owner } from './real-worker.js'
import { VirtualWorker, type RunRequest, type Turns } from './virtual-worker.js'
import { WorkerKinds } from './worker-kinds.js'

type CreateWorker = (pool: PoolName, options: PoolOptions) => PoolWorker

/** A file that Vitest has handed out. */
interface Turn extends HandedOut {
  readonly virtual: VirtualWorker
  state: 'waiting' | 'starting' | 'running' | 'dropped'
  isCancelled: boolean
}

/**
 * Starts Vitest's own workers when the gate lets their files in. A worker has its slot until its process has gone; one
 * that is not isolated goes on to the next file of its kind, as long as there is one.
 */
export class WorkerPool implements Turns {
  readonly #gate: Gate
  readonly #createWorker: CreateWorker
  readonly #turns = new Map<VirtualWorker, Turn>()
  /** How many files wait, by kind. */
  readonly #waiting = new Map<string | undefined, number>()
  /** Of the file that a worker runs. */
  readonly #admissions = new Map<RealWorker, Admission>()
  /** Workers between two files, by slot. */
  readonly #parked = new Map<number, RealWorker>()
  /** Who was in a slot last, also in an earlier run. */
  readonly #last = new Map<number, RealWorker>()
  readonly #samples = new Map<PoolName, PoolWorker>()
  readonly #kinds = new WorkerKinds()

  /** @param createWorker a worker of the host's own */
  constructor(gate: Gate, createWorker: CreateWorker = createHostWorker) {
    this.#gate = gate
    this.#createWorker = createWorker
  }

  /** What Vitest is given for a worker. */
  createWorker(pool: PoolName, name: string, options: PoolOptions): PoolWorker {
    const like = this.#samples.get(pool) ?? this.#createWorker(pool, options)
    this.#samples.set(pool, like)
    return new VirtualWorker({ pool, name, options, like }, this)
  }

  /** The run is cancelled: what has not begun will not. */
  cancel(): void {
    for (const turn of this.#turns.values()) {
      turn.isCancelled = true
      if (turn.state === 'waiting') this.#skip(turn)
    }
  }

  /** @returns settled once no process or thread is left; undefined if there is none */
  left(): Promise<unknown> | undefined {
    const workers = [...this.#last.values()].filter(({ isGone }) => !isGone)
    return workers.length === 0 ? undefined : Promise.all(workers.map(({ gone }) => gone))
  }

  /** No file needs the worker that is kept in this slot. */
  closeKept(slot: number): void {
    const real = this.#parked.get(slot)
    this.#parked.delete(slot)
    if (real === undefined) this.#gate.closed(slot)
    else void this.#close(real).finally(() => this.#gate.closed(slot))
  }

  enqueue(virtual: VirtualWorker, request: RunRequest): void {
    const { options, pool } = virtual
    // Vitest itself lets a worker go on where it hands files out one after the other: it may be the next one's, or another's.
    this.#park(virtual)
    const kind = isIsolated(options.project) ? undefined : this.#kinds.of(pool, options)
    const turn: Turn = { virtual, options, request, kind, state: 'waiting', isCancelled: false }
    this.#turns.set(virtual, turn)
    this.#count(turn, 1)
    // Handed out before, asked for after: it was not here to be skipped with the others.
    if (isCancelling(options.project.vitest)) return this.#skip(turn)
    this.#serve(turn).catch((error: unknown) => this.#refuse(turn, error))
  }

  drop(virtual: VirtualWorker): void {
    const turn = this.#turns.get(virtual)
    this.#turns.delete(virtual)
    if (turn !== undefined) this.#withdraw(turn)
  }

  finish(virtual: VirtualWorker): void {
    const turn = this.#turns.get(virtual)
    this.#turns.delete(virtual)
    if (this.#isAwaited(turn?.kind)) this.#park(virtual)
  }

  /** Its worker is not this file's any more, and waits for another one. */
  #park(virtual: VirtualWorker): void {
    const { real } = virtual
    const admission = real && this.#admissions.get(real)
    virtual.real = undefined
    if (real === undefined || admission === undefined) return
    this.#admissions.delete(real)
    this.#parked.set(admission.slot, real)
    real.owner = this.#deputyOf(real)
    end(admission, true)
  }

  async #serve(turn: Turn): Promise<void> {
    const admission = await this.#gate.admit(turn)
    if (admission === undefined || turn.state === 'dropped') return admission && end(admission)
    turn.state = 'starting'
    this.#count(turn, -1)
    try {
      await this.#giveWorker(turn, admission)
    } catch (error) {
      // There may be no worker whose end would end it.
      end(admission)
      throw error
    }
    if (this.#turns.get(turn.virtual) !== turn) return turn.virtual.real?.stop()
    if (turn.isCancelled) return this.#skip(turn)
    turn.state = 'running'
    turn.virtual.real?.send(this.#gate.equip(turn, admission))
    return undefined
  }

  /** The one that waits in its slot, if it is of the right kind; otherwise a new one, once that has gone. */
  async #giveWorker({ virtual, kind }: Turn, admission: Admission): Promise<void> {
    const { slot } = admission
    const parked = this.#parked.get(slot)
    this.#parked.delete(slot)
    const canStay = parked !== undefined && parked.kind === kind && !parked.isGone
    const real = canStay ? parked : this.#createReal(virtual, kind, admission)
    this.#admissions.set(real, admission)
    virtual.real = real
    real.owner = virtual
    if (canStay) return
    const last = this.#last.get(slot)
    this.#last.set(slot, real)
    if (parked !== undefined) await this.#close(parked)
    await last?.gone
    await real.start({ ...virtual.startRequest, poolId: slot })
  }

  #createReal({ pool, options }: VirtualWorker, kind: string | undefined, admission: Admission): RealWorker {
    const env = { ...options.env, ...this.#gate.environmentOf(admission) }
    const real = new RealWorker(this.#createWorker(pool, { ...options, env }), options.project, kind)
    void real.gone.then(() => {
      const current = this.#admissions.get(real)
      this.#admissions.delete(real)
      return current && end(current)
    })
    return real
  }

  async #close(real: RealWorker): Promise<void> {
    const error = await real.close()
    if (error !== undefined) reportTeardownError(real.project, error)
  }

  /** Who hears a worker that has no file: what waits or runs in the same project, because its Vitest can answer. */
  #deputyOf(real: RealWorker): Owner {
    const ignore = (): void => undefined
    const receive = (message: unknown): void => {
      for (const { virtual, options } of this.#turns.values()) {
        if (options.project === real.project) return virtual.speakFor(real, message)
      }
    }
    return { receive, fail: ignore, lose: ignore }
  }

  /** The file could not begin: the gate did not let it in, or its worker did not start. */
  #refuse(turn: Turn, error: unknown): void {
    if (turn.state === 'dropped') return
    const { virtual, request } = turn
    if (turn.state === 'waiting') {
      this.#turns.delete(virtual)
      this.#withdraw(turn)
      virtual.answer({ type: 'testfileFinished', error })
      return
    }
    const files = request.context.files.map(({ filepath }) => filepath).join(', ')
    const problem = `[vitest-pool]: Failed to start ${virtual.pool} worker for test files ${files}.`
    virtual.fail(new Error(problem, { cause: error }))
  }

  #skip(turn: Turn): void {
    const { virtual, options, request } = turn
    this.#turns.delete(virtual)
    this.#withdraw(turn)
    reportCancelled(options.project, request.context.files)
    virtual.answer({ type: 'testfileFinished' })
  }

  #withdraw(turn: Turn): void {
    const wasWaiting = turn.state === 'waiting'
    turn.state = 'dropped'
    if (!wasWaiting) return
    this.#count(turn, -1)
    this.#gate.withdraw(turn)
  }

  #isAwaited(kind: string | undefined): boolean {
    return kind !== undefined && (this.#waiting.get(kind) ?? 0) > 0
  }

  #count({ kind }: Turn, change: number): void {
    this.#waiting.set(kind, (this.#waiting.get(kind) ?? 0) + change)
  }
}

function end(admission: Admission, keepsWorker = false): void {
  admission.end({ keepsWorker }).catch(() => undefined)
}
