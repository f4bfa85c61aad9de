import type { HeddleError } from '@heddle/core/serial'
import { installedSerial } from './installed-serial.js'
import { readRunSettings } from './run-settings.js'
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
    const installed = installedSerial()
    return installed === undefined ? refuse() : installed.serial(...args)
  },
  get(_, name, self) {
    const installed = installedSerial()
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
  return installedSerial()?.isSerial(key) ?? false
}

interface Errors {
  readonly HeddleError: typeof HeddleError
}

function refuse(): never {
  const isRunning = readRunSettings() !== undefined
  // Only now: in Jest's sandbox every module is loaded again for every file.
  const errors = require('@heddle/core/serial') as Errors
  throw new errors.HeddleError('HEDDLE_NOT_CONFIGURED', {
    problem: `Cannot use serial: ${isRunning ? 'this project has a testRunner of its own' : 'heddle is not in the Jest config'}`,
    fix: isRunning
      ? 'serial needs jest-circus, the default; remove testRunner from the config of this project.'
      : 'module.exports = withHeddle({ … }) in jest.config.js, without a testSequencer of your own.',
  })
}
