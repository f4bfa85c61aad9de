import { resolveHeddleOptions, type HeddleOptions } from '@heddle/core'
import type { Plugin } from 'vitest/config'
import { createHeddleSequencer } from './sequencer.js'
import { wireIntoVitest } from './wiring.js'

export type { HeddleOptions } from '@heddle/core'

/**
 * Runs the slowest test files first, from recorded history, and splits `--shard`s by time.
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
  resolveHeddleOptions(options, 'heddle({ … }) in the Vitest config')
  return {
    name: 'heddle',
    // Vitest calls configureVitest only for projects whose own Vite config has the plugin. Where it does not (projects
    // given as directories), a sequencer set here is how heddle gets in: it cannot be replaced from the command line,
    // and its constructor sees Vitest before anything runs.
    config({ test }: { test?: { sequence?: { sequencer?: unknown; shuffle?: unknown } } }) {
      if (test?.sequence?.sequencer !== undefined || test?.sequence?.shuffle) return undefined
      return { test: { sequence: { sequencer: createHeddleSequencer(options) } } }
    },
    configureVitest({ vitest }) {
      // What `--merge-reports` replays was measured by other runs.
      if (!vitest.config.mergeReports) wireIntoVitest(vitest, options)
    },
  }
}
