import type { HeddleOptions } from '@heddle/core'
import type { Plugin } from 'vitest/config'
import { loadCore } from './load-core.js'

/** The plugin; see {@link heddle}. This module is loaded in test workers, too: what only the main process needs is loaded on use. */
export function createPlugin(options: HeddleOptions = {}): Plugin {
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
