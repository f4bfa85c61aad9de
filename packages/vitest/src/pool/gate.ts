import type { Admission } from '@heddle/core'
import type { PoolOptions } from './host.js'
import type { RunRequest } from './virtual-worker.js'

/** What the pool asks about files that Vitest has handed out. */
export interface Gate {
  /** Waits until the file may run. @returns undefined if it was withdrawn */
  admit(file: HandedOut): Promise<Admission | undefined>
  /** The file will not run. */
  withdraw(file: HandedOut): void
  /** The worker that was kept in this slot, and that was not to be kept any longer, has gone. */
  closed(slot: number): void
  /** What a new worker has in its environment from the beginning. */
  environmentOf(admission: Admission): Readonly<Record<string, string>>
  /** The request, with what heddle tells the worker about this file. */
  equip(file: HandedOut, admission: Admission): RunRequest
}

/** A file; where Vitest puts several into one request, all of them. */
export interface HandedOut {
  readonly options: PoolOptions
  readonly request: RunRequest
  /** Files of one kind can run in one worker, one after the other; undefined: in one of its own. */
  readonly kind: string | undefined
}
