import { setTimeout as sleep } from 'node:timers/promises'
import type { ResourceStatus } from '@heddle/core/leases'
import { EXIT } from '../exit-codes.js'
import { untilInterrupted } from '../interrupted.js'
import { readLocks, selectLocks, type LockFilter } from '../read-locks.js'
import type { Terminal } from '../terminal.js'
import { roundMs } from './history.js'
import { describeLocks, type LocksOptions } from './locks.js'

/** How often it looks, ms. */
const LOOK_EVERY_MS = 250

const CLEAR_SCREEN = '\u001B[H\u001B[2J'

/**
 * `heddle locks --watch`: on a terminal one picture that is drawn anew, elsewhere a picture after each change.
 *
 * @throws Interrupted after Ctrl-C: it does not end by itself, unless nobody reads it any more
 */
export async function watchLocks(
  name: string | undefined,
  { scope, json }: LocksOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout } = terminal
  const draw = json === true ? drawLine : stdout.isTTY === true ? drawScreen : drawPage
  let shown: string | undefined
  await untilInterrupted(terminal.signals, async (signal) => {
    while (stdout.isRead !== false) {
      const { text, version } = draw(await readLocks(terminal), { name, scope }, terminal)
      if (version !== shown) stdout.write(text)
      shown = version
      await sleep(LOOK_EVERY_MS, undefined, { signal })
    }
  })
  return EXIT.ok
}

interface Picture {
  readonly text: string
  /** Pictures of one version need not be shown one after the other. */
  readonly version: string
}

type Draw = (locks: readonly ResourceStatus[], filter: LockFilter, terminal: Terminal) => Picture

/** The ages are counted up before one's eyes. */
const drawScreen: Draw = (locks, filter, terminal) => {
  const text = `${CLEAR_SCREEN}${describeLocks(locks, filter, terminal)}`
  return { text, version: text }
}

const drawPage: Draw = (locks, filter, terminal) => {
  const time = new Date(terminal.now()).toISOString()
  return { text: `${time}\n${describeLocks(locks, filter, terminal)}\n`, version: versionOf(locks, filter) }
}

/** One line of JSON per picture. */
const drawLine: Draw = (locks, filter) => ({
  text: `${JSON.stringify(selectLocks(locks, filter), roundMs)}\n`,
  version: versionOf(locks, filter),
})

/** Everything but how long it has lasted. */
function versionOf(locks: readonly ResourceStatus[], filter: LockFilter): string {
  return JSON.stringify(selectLocks(locks, filter), (key, value: unknown) => (key === 'forMs' ? undefined : value))
}
