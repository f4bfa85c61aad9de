import type { HeddleOptions } from '@heddle/core'
import type { Plugin } from 'vitest/config'
import { loadCore } from './load-core.js'

export type { HeddleOptions } from '@heddle/core'
export { isSerial, serial } from './serial.js'
export type { KeyedSerial, Serial, SerialOptions, SerialTarget, UnkeyedSerial } from './serial-types.js'

// This module is loaded in test workers as well, for `serial`: what only the main process needs is loaded on use.

/**
 * Runs the slowest test files first, from recorded history, splits `--shard`s by time, and gives tests `serial`.
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
export default function heddle(options: HeddleOptions = {}): Plugin {
  const { resolveHeddleOptions } = loadCore()
  resolveHeddleOptions(options, 'heddle({ … }) in the Vitest config')
  return {
    name: 'heddle',
    // Vitest calls configureVitest only for projects whose own Vite config has the plugin. Where it does not (projects
    // given as directories), a sequencer set here is how heddle gets in: it cannot be replaced from the command line,
    // and its constructor sees Vitest before anything runs.
    async config({ test }: { test?: { sequence?: { sequencer?: unknown; shuffle?: unknown } } }) {
      if (test?.sequence?.sequencer !== undefined || test?.sequence?.shuffle) return undefined
      const { createHeddleSequencer } = await import('./sequencer.js')
      return { test: { sequence: { sequencer: createHeddleSequencer(options) } } }
    },
    // Vitest awaits it, though its type does not say so.
    // oxlint-disable-next-line typescript/no-misused-promises
    async configureVitest({ vitest, project }) {
      // What `--merge-reports` replays was measured by other runs.
      if (vitest.config.mergeReports) return
      const { wireIntoVitest } = await import('./wiring.js')
      wireIntoVitest(vitest, project, options)
    },
  }
}
