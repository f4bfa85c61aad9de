import { constants } from 'node:os'
import type { Signals } from './terminal.js'

/** Thrown when the user stops heddle in the middle. An order, not an error. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  /** 128 + the signal's number, as shells have it. */
  readonly exitCode: number

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Calls `listener` when the user stops heddle. @returns stops listening */
export function onInterrupt(signals: Signals, listener: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of SIGNALS) signals.once(signal, listener)
  return () => {
    for (const signal of SIGNALS) signals.off(signal, listener)
  }
}

/**
 * Runs what waits until something happens, and ends it when the user stops heddle.
 *
 * @throws Interrupted after SIGINT or SIGTERM
 */
export async function untilInterrupted<T>(signals: Signals, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const dispose = onInterrupt(signals, (signal) => controller.abort(new Interrupted(signal)))
  try {
    return await wait(controller.signal)
  } catch (error) {
    controller.signal.throwIfAborted()
    throw error
  } finally {
    dispose()
  }
}
