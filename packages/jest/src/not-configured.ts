import type { HeddleError } from '@heddle/core/serial'
import type { readRunSettings } from './run-settings.js'

interface Errors {
  readonly HeddleError: typeof HeddleError
}

/** @param what cannot be used where heddle's test runner does not run */
export function refuseWithoutHeddle(what: string): never {
  // Only now: in Jest's sandbox every module is loaded again for every file.
  const settings = require('./run-settings.js') as { readonly readRunSettings: typeof readRunSettings }
  const isRunning = settings.readRunSettings() !== undefined
  const errors = require('@heddle/core/serial') as Errors
  throw new errors.HeddleError('HEDDLE_NOT_CONFIGURED', {
    problem: `Cannot use ${what}: ${isRunning ? 'this project has a testRunner of its own, or this is a module of setupFiles, which run before' : 'heddle is not in the Jest config'}`,
    fix: isRunning
      ? `${what} needs jest-circus, the default: remove testRunner from the config of this project. What setupFiles do can be done in setupFilesAfterEnv.`
      : 'module.exports = withHeddle({ … }) in jest.config.js, without a testSequencer of your own.',
  })
}
