import type { withHeddle as addHeddle } from './with-heddle.js'

export type { GroupOptions, GroupTarget, HeddleOptions, Rule, RuleFile } from '@heddle/core'
export type {
  Fixtures,
  Json,
  KeepTempDirs,
  ListeningAddress,
  ListeningServer,
  ListenOptions,
  Logger,
  PortFreeOptions,
  PortOptions,
  ScopeKind,
  ScopeOptions,
  Shared,
  SharedContext,
  SharedOptions,
  TempDirOptions,
} from '@heddle/core/fixtures'
export type { GroupFunction, SerialOptions, SerialTarget } from '@heddle/core/serial'
export {
  createLogger,
  env,
  isPortFree,
  listen,
  namespace,
  port,
  portBlock,
  ports,
  runId,
  shared,
  slot,
  socketPath,
  tempDir,
  workerId,
} from './fixtures.js'
export { resource } from './resource.js'
export { group, heddle, type HeddleOfFile } from './groups.js'
export { isSerial, serial } from './serial.js'
export type { BoundSerial, Serial, SerialDescribe, SerialTest } from './serial-types.js'

type WithHeddle = typeof addHeddle

/**
 * Adds heddle to a Jest config: slowest files first, balanced `--shard`s, measured durations, groups, `serial`. Everything else
 * in the config stays as it is. A `testSequencer` of your own is kept, and heddle then stands aside with one line.
 *
 * @param config a config, or a function (async or not) that gives one
 * @param options win over `heddle.config.*`
 * @returns what it got: a new config for a config, an async function for a function
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems at once
 *
 * @example
 * // jest.config.js
 * const { withHeddle } = require('@heddle/jest')
 *
 * module.exports = withHeddle({ testEnvironment: 'node' })
 */
export const withHeddle = ((...args: Parameters<WithHeddle>) => {
  // Only now: test files load this module for `serial`, in Jest's sandbox, once each.
  const module = require('./with-heddle.js') as { readonly withHeddle: WithHeddle }
  return module.withHeddle(...args)
}) as WithHeddle
