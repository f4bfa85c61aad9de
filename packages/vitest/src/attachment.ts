import { isOneAtATime, type HeddleOptions } from '@heddle/core'
import type { Vitest } from 'vitest/node'
import { Adapter } from './adapter.js'
import { equipProject } from './equip-project.js'
import { narrowToOneWorker, reportersOf } from './host.js'
import { createReporter } from './reporter.js'

/** On the config and not on Vitest itself: after a change of the config in watch mode, Vitest stays and its config is new. */
const ADAPTER = Symbol.for('heddle.vitest.adapter')

type Owner = Vitest['config'] & { [ADAPTER]?: Adapter }

/** The adapter of this Vitest, if heddle has been wired in already. */
export function adapterOf(vitest: Vitest): Adapter | undefined {
  return (vitest.config as Owner)[ADAPTER]
}

/** Creates the adapter of this Vitest. */
export function attachAdapter(vitest: Vitest, options: HeddleOptions): Adapter {
  if (isOneAtATime(process.env)) narrowToOneWorker(vitest)
  const adapter = new Adapter(vitest, options)
  ;(vitest.config as Owner)[ADAPTER] = adapter
  return adapter
}

/**
 * The adapter of this Vitest; if there is none yet, a new one with its reporter beside those already created. Projects
 * that did not see the plugin get what `serial` needs.
 */
export function attachLate(vitest: Vitest, options: HeddleOptions): Adapter {
  const adapter = adapterOf(vitest) ?? attachWithReporter(vitest, options)
  for (const project of vitest.projects) equipProject(adapter, project)
  return adapter
}

function attachWithReporter(vitest: Vitest, options: HeddleOptions): Adapter {
  const adapter = attachAdapter(vitest, options)
  reportersOf(vitest).push(createReporter(adapter))
  return adapter
}
