import type { HeddleOptions } from '@heddle/core'
import type { Plugin } from 'vitest/config'
import { createPlugin } from './plugin.js'
import { place, type Place } from './place.js'

export type { GroupOptions, HeddleOptions, Rule, RuleFile } from '@heddle/core'
export type {
  EnvGuard,
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
export type { GroupFunction } from '@heddle/core/serial'
export { fixtures, it, test } from './extended-test.js'
export type { FixtureFunctions, ResourceFixtures, TestFixtures } from './extended-test.js'
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
export { group } from './group.js'
export type { Place } from './place.js'
export { resource } from './resource.js'
export { isSerial, serial } from './serial.js'
export type { KeyedSerial, Serial, SerialOptions, SerialTarget, UnkeyedSerial } from './serial-types.js'

/** The type of {@link heddle}. */
export interface Heddle extends Place {
  /**
   * Runs the slowest test files first, from recorded history, splits `--shard`s by time, gives tests `serial`, and keeps the limits of `groups`.
   *
   * Works with Vitest 3.2, 4.1 and 5, in projects of every kind, with any `--reporter` and in watch mode. A sequencer
   * of your own and `sequence.shuffle` keep their say over the order; heddle then only records.
   *
   * @param options win over `heddle.config.*`
   * @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems at once
   *
   * @example
   * // vitest.config.ts
   * import { defineConfig } from 'vitest/config'
   * import heddle from '@heddle/vitest'
   *
   * export default defineConfig({ plugins: [heddle()] })
   */
  (options?: HeddleOptions): Plugin
}

/**
 * In the Vitest config the plugin; in tests, where the test runs among those that run at the same time.
 *
 * @example
 * // vitest.config.ts
 * import heddle from '@heddle/vitest'
 *
 * export default { plugins: [heddle()] }
 *
 * // global.ts, a setup file
 * import heddle from '@heddle/vitest'
 *
 * process.env.PGDATABASE = `test_${heddle.slot}`
 */
export const heddle: Heddle = Object.defineProperties(
  (options?: HeddleOptions) => createPlugin(options),
  Object.getOwnPropertyDescriptors(place),
) as Heddle

/** @alias */
export default heddle
