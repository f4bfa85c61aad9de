import { installedHeddle } from './installed-heddle.js'
import { refuseWithoutHeddle } from './not-configured.js'
import type { Serial } from './serial-types.js'

/**
 * Runs a test while nobody else has its key: no other test of the workspace, in whatever file, process or run. The wait
 * counts neither for its time-out nor for its duration.
 *
 * `serial(name, fn, timeout?)` is alone among all serial tests, `serial(key)` gives a `test` for that key or keys.
 * `.only`, `.skip`, `.todo`, `.failing` and `.each` are those of Jest; `.shared` admits other shared ones, `.describe`
 * holds the key for a whole block, `.file` for the whole file (on a line of its own, keys in quotes: it is read before
 * the file runs).
 *
 * @throws HeddleError `HEDDLE_NOT_CONFIGURED`, `HEDDLE_SERIAL_INVALID`
 *
 * @example
 * serial('ledger')('books a payment', async () => { … })
 * serial.shared('ledger')('reads the balance', async () => { … })
 * serial.describe('ledger', 'migrations', () => { … })
 */
export const serial = new Proxy(refuse, {
  apply(_, __, args: unknown[]) {
    const installed = installedHeddle()
    return installed === undefined ? refuse() : installed.serial(...args)
  },
  get(_, name, self) {
    const installed = installedHeddle()
    if (installed !== undefined) return Reflect.get(installed.serial, name) as unknown
    // What is called in the end tells what is missing, whatever it is called by.
    return typeof name === 'string' ? self : undefined
  },
}) as unknown as Serial

/**
 * Whether the running test, its block or its file holds the key; without a key, whether it holds anything. For helper
 * code that must only be used in serial tests.
 *
 * @example
 * if (!isSerial('ledger')) throw new Error('book() needs serial("ledger")')
 */
export function isSerial(key?: string): boolean {
  return installedHeddle()?.isSerial(key) ?? false
}

function refuse(): never {
  return refuseWithoutHeddle('serial')
}
