import { Dispatcher, slotVariables } from '@heddle/core'
import type { Admission, DispatcherSetup } from '@heddle/core'
import { userSlotsOf, type ScheduledFile } from '../enforcement.js'
import { idOf, type FileOfProject } from '../id-of.js'
import { WORKER_RUN, type FileNeeds, type WorkerRun } from '../worker/worker-run.js'
import type { Gate, HandedOut } from './gate.js'
import type { RunRequest } from './virtual-worker.js'
import { WorkerPool } from './worker-pool.js'

/**
 * The files of a Vitest that heddle starts itself: when each may, and what its worker is told. Every run has a dispatcher
 * of its own: in watch mode, files can be edited into other groups, and a run may begin while the last one tears down.
 */
export class ScheduledFiles implements Gate {
  readonly pool: WorkerPool
  readonly #run: WorkerRun
  readonly #onAdmission: (file: FileOfProject) => void
  readonly #announced = new Map<string, ScheduledFile>()
  readonly #requested = new Set<string>()
  readonly #ids = new WeakMap<RunRequest, string>()
  #dispatcher: Dispatcher | undefined
  /** Settled once no worker of the runs before is left; undefined if there was none. */
  #before: Promise<unknown> | undefined
  #others = 0

  /** @param onAdmission told when a file has got its slot */
  constructor(run: WorkerRun, onAdmission: (file: FileOfProject) => void) {
    this.#run = run
    this.#onAdmission = onAdmission
    this.pool = new WorkerPool(this)
  }

  /** Vitest is about to hand these out. */
  begin(setup: DispatcherSetup, files: readonly ScheduledFile[]): void {
    this.close()
    this.#before = this.pool.left()
    this.#dispatcher = new Dispatcher({ ...setup, closeWorker: (slot) => this.pool.closeKept(slot) })
    this.#requested.clear()
    for (const file of files) this.#announced.set(file.id, file)
    this.#dispatcher.announce([...this.#announced.values()])
  }

  /** The run is over: what was announced and not handed out will not come. */
  close(): void {
    this.#dispatcher?.close()
    this.#announced.clear()
  }

  async admit(file: HandedOut): Promise<Admission | undefined> {
    const dispatcher = this.#dispatcher
    const id = this.#announcedIdOf(file)
    this.#ids.set(file.request, id)
    if (this.#before !== undefined) await this.#before
    const admission = await dispatcher?.request(id)
    if (admission !== undefined && file.request.context.files.length === 1) this.#onAdmission(fileOf(file))
    return admission
  }

  withdraw({ request }: HandedOut): void {
    const id = this.#ids.get(request)
    if (id !== undefined) this.#dispatcher?.withdraw([id])
  }

  closed(slot: number): void {
    this.#dispatcher?.closed(slot)
  }

  environmentOf({ slot, groupSlots }: Admission): Readonly<Record<string, string>> {
    return slotVariables({ runId: this.#run.runId, slot, groupSlots: userSlotsOf(groupSlots) })
  }

  equip({ request }: HandedOut, { slot, groupSlots }: Admission): RunRequest {
    const { context } = request
    const given: { readonly [WORKER_RUN]?: WorkerRun } = context.providedContext
    const groups = this.#announced.get(this.#ids.get(request) ?? '')?.holds ?? []
    const seat = { slot, groupSlots: userSlotsOf(groupSlots), groups }
    const told = { ...this.#run, ...given[WORKER_RUN] }
    const run: WorkerRun = { ...told, needs: needsOf(told, context.files), seat }
    return { ...request, context: { ...context, providedContext: { ...given, [WORKER_RUN]: run } } }
  }

  /**
   * Files that are only listed, or that run alone anyway, need nothing but a worker. One that somebody asked for twice, by
   * different tests of it, needs everything twice.
   */
  #announcedIdOf(file: HandedOut): string {
    const id = idOf(fileOf(file))
    const known = file.options.method === 'run' ? this.#announced.get(id) : undefined
    if (known !== undefined && !this.#requested.has(id)) {
      this.#requested.add(id)
      return id
    }
    const other = { expectedMs: 1, batch: file.kind, holds: [], ...known, id: `other ${++this.#others}` }
    this.#announced.set(other.id, other)
    this.#dispatcher?.announce([other])
    return other.id
  }
}

/** Not of all files of the run: every file would be told as much as there are files. */
function needsOf({ needs = {} }: WorkerRun, files: RunRequest['context']['files']): NonNullable<WorkerRun['needs']> {
  const own = files.flatMap(({ filepath }): [string, FileNeeds][] => {
    const one = needs[filepath]
    return one === undefined ? [] : [[filepath, one]]
  })
  return Object.fromEntries(own)
}

function fileOf({ options, request }: HandedOut): FileOfProject {
  return { project: options.project, moduleId: request.context.files[0]?.filepath ?? '' }
}
