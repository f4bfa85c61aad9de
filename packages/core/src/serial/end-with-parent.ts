import { startTimer } from '../leases/captured.js'

/** How long after the main process a worker may live, ms. */
const LOOK_EVERY_MS = 250

let isWatching = false

/**
 * Ends this worker process when the main process is gone: it would go on, while what was held for it is free again. It looks
 * instead of listening: a listener would keep a worker alive that is done. Threads end with their process anyway.
 *
 * @param end the host's own way: some replace `process.exit`
 */
export function endWithParent(end: () => void): void {
  if (isWatching || !process.connected) return
  isWatching = true
  const look = (): void => {
    if (process.connected) startTimer(look, LOOK_EVERY_MS).unref()
    else end()
  }
  look()
}
