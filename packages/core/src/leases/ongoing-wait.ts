import { reasonOf } from '../errors.js'
import { monotonicClock, startTimer, stopTimer } from './captured.js'
import { describeInvalidTimeout, describeTimeout, quoteName } from './describe.js'
import type { PlannedRequest } from './lease-request.js'
import { DEFAULT_TIMEOUT_MS } from './scope.js'

/** A long wait is told about after the first of these, and then at intervals of the second, ms. */
const NOTICE_AFTER_MS = 10_000
const NOTICE_EVERY_MS = 60_000

/** setTimeout fires at once for more. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** One acquisition while it waits. */
export interface OngoingWait {
  /** Aborted by the caller's signal, or when the time is up. */
  readonly signal: AbortSignal
  /** What it waits for now. */
  current: PlannedRequest | undefined
  stop(): void
}

interface WaitLimits {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

interface WaitWords {
  /** Who holds a resource and who waits, by its id. */
  readonly describe: (id: string) => Promise<string>
  readonly onLongWait: (line: string) => void
}

/** @throws HeddleError `HEDDLE_LEASE_INVALID`, or the reason of a signal that is aborted already */
export function startWait(
  planned: readonly PlannedRequest[],
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: WaitLimits,
  { describe, onLongWait }: WaitWords,
): OngoingWait {
  if (!(timeoutMs >= 0)) throw describeInvalidTimeout(planned, timeoutMs)
  // Not throwIfAborted: emulated browsers have signals without it.
  if (signal?.aborted === true) throw signal.reason
  let controller: AbortController | undefined
  const abort = (reason: unknown): void => (controller ??= new AbortController()).abort(reason)
  const startedAt = monotonicClock()
  let isOver = false
  const queueOf = async ({ id }: PlannedRequest): Promise<string> => describe(id).catch(reasonOf)
  const giveUp = async ({ current = planned[0] }: OngoingWait): Promise<void> => {
    if (current !== undefined) abort(describeTimeout(current.name, timeoutMs, await queueOf(current)))
  }
  const tell = async ({ current = planned[0] }: OngoingWait): Promise<void> => {
    if (current === undefined) return
    const queue = await queueOf(current)
    if (isOver) return
    const seconds = Math.round((monotonicClock() - startedAt) / 1000)
    onLongWait(`waiting for ${quoteName(current.name)} since ${seconds} s: ${queue}`)
    notice = startTimer(() => void tell(wait), NOTICE_EVERY_MS)
  }
  const onAbort = (): void => abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const deadline = timeoutMs <= MAX_TIMER_MS ? startTimer(() => void giveUp(wait), timeoutMs) : undefined
  let notice = startTimer(() => void tell(wait), NOTICE_AFTER_MS)
  const wait: OngoingWait = {
    get signal() {
      return (controller ??= new AbortController()).signal
    },
    current: undefined,
    stop() {
      isOver = true
      stopTimer(notice)
      stopTimer(deadline)
      signal?.removeEventListener('abort', onAbort)
    },
  }
  return wait
}
