import type { Admission, Dispatcher, DispatchJob } from '@heddle/core'
import type { HostTest } from './host-types.js'

/** A file with what the dispatcher is to know of it. */
export interface PlannedFile {
  readonly test: HostTest
  /** Its id is unique among them. */
  readonly job: DispatchJob
}

/** That a file may start, or why it cannot. */
export interface Turn {
  readonly test: HostTest
  readonly admission: Pick<Admission, 'groupSlots'> | undefined
  readonly refusal?: unknown
  /** The file is over. Safe to call twice. */
  end(): Promise<void>
}

/** Says which file starts next. */
export interface Turns {
  /** @throws Error when no turn will come any more */
  next(): Promise<Turn>
  /** Ends all waits, and gives back what nobody has come for. */
  stop(): Promise<void>
}

export type TurnSource = Pick<Dispatcher, 'announce' | 'request' | 'close'>

/** @returns undefined if the run is over */
export async function requestTurn(source: TurnSource, { test, job }: PlannedFile): Promise<Turn | undefined> {
  try {
    const admission = await source.request(job.id)
    return admission && { test, admission, end: () => admission.end() }
  } catch (refusal) {
    return { test, admission: undefined, refusal, end: async () => undefined }
  }
}

export function runIsOver(): Error {
  return new Error('The run is over.')
}
