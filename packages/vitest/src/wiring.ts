import { FOUND_FILES_VARIABLE, type HeddleOptions } from '@heddle/core'
import type { TestProject, Vitest } from 'vitest/node'
import type { Adapter } from './adapter.js'
import { adapterOf, attachAdapter } from './attachment.js'
import { equipProject } from './equip-project.js'
import { BaseSequencer } from './host.js'
import { createReporter } from './reporter.js'
import { isHeddleSequencer } from './sequencer-brand.js'
import { tellFoundFiles } from './tell-found-files.js'
import { createHeddleSequencer } from './sequencer.js'

/**
 * Sets the sequencer, unless the user has one, and the reporter, before Vitest creates its reporters: so neither
 * `--reporter` nor any other option drops them. Once per Vitest, however many projects have the plugin.
 * Every project gets what `serial` needs.
 */
export function wireIntoVitest(vitest: Vitest, project: TestProject, options: HeddleOptions): void {
  equipProject(adapterOf(vitest) ?? wireOnce(vitest, options), project)
}

function wireOnce(vitest: Vitest, options: HeddleOptions): Adapter {
  const { sequence, reporters } = vitest.config
  const current = sequence.sequencer
  const isCustom = current !== BaseSequencer && !isHeddleSequencer(current)
  if (current === BaseSequencer) sequence.sequencer = createHeddleSequencer(options)
  const adapter = attachAdapter(vitest, options)
  if (isCustom) adapter.stepAside(current.name, 'order and shards')
  reporters.push(createReporter(adapter))
  const foundFiles = process.env[FOUND_FILES_VARIABLE]
  if (foundFiles) tellFoundFiles(adapter, foundFiles)
  return adapter
}
