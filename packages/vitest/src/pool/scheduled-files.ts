import { Dispatcher, slotVariables, type Admission, type DispatchJob, type DispatcherSetup } from '@heddle/core'
import { idOf, type FileOfProject } from '../id-of.js'
import { WORKER_RUN, type WorkerRun } from '../worker/worker-run.js'
import type { Gate, HandedOut } from './gate.js'
import type { RunRequest } from './virtual-worker.js'
import { WorkerPool } from './worker-pool.js'

/** Told when a file has got its slot. */
export type OnAdmission = (file: FileOfProject) => void

/**
 * The files of a Vitest that heddle starts itself: what the dispatcher knows about each, and what its worker is told.
 */
export class ScheduledFiles implements Gate {
  readonly pool: WorkerPool
  readonly #dispatcher: Dispatcher
  readonly #run: WorkerRun
  readonly #onAdmission: OnAdmission
  #collected = 0

  constructor(run: WorkerRun, setup: DispatcherSetup, onAdmission: OnAdmission) {
    this.#run = run
    this.#onAdmission = onAdmission
    this.pool = new WorkerPool(this)
    this.#dispatcher = new Dispatcher({ ...setup, closeWorker: (slot) => this.pool.closeKept(slot) })
  }

  /** Vitest is about to hand these out. */
  announce(jobs: readonly DispatchJob[]): void {
    this.#dispatcher.announce(jobs)
  }

  /** The run is over: what was announced and not handed out will not come. */
  close(): void {
    this.#dispatcher.close()
  }

  async admit(file: HandedOut): Promise<Admission | undefined> {
    const admission = await this.#dispatcher.request(this.#jobIdOf(file))
    if (admission !== undefined) this.#onAdmission(fileOf(file))
    return admission
  }

  withdraw(file: HandedOut): void {
    this.#dispatcher.withdraw([idOf(fileOf(file))])
  }

  closed(slot: number): void {
    this.#dispatcher.closed(slot)
  }

  environmentOf({ slot, groupSlots }: Admission): Readonly<Record<string, string>> {
    return slotVariables({ runId: this.#run.runId, slot, groupSlots })
  }

  equip({ request }: HandedOut, { slot, groupSlots }: Admission): RunRequest {
    const { context } = request
    const run: WorkerRun = { ...this.#run, seat: { slot, groupSlots } }
    return { ...request, context: { ...context, providedContext: { ...context.providedContext, [WORKER_RUN]: run } } }
  }

  /** Files that are only listed need nothing but a worker. */
  #jobIdOf(file: HandedOut): string {
    if (file.options.method !== 'collect') return idOf(fileOf(file))
    const id = `listed ${++this.#collected}`
    this.#dispatcher.announce([{ id, expectedMs: 1 }])
    return id
  }
}

function fileOf({ options, request }: HandedOut): FileOfProject {
  return { project: options.project, moduleId: request.context.files[0]?.filepath ?? '' }
}
