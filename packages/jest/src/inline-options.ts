import type { HeddleOptions } from '@heddle/core'
import type { HostProjectConfig } from './host-types.js'
import { optionsId } from './options-id.js'
import { processState } from './process-state.js'

/** The one way from a Jest config to a sequencer that Jest 29 has. */
export const OPTIONS_GLOBAL = '__HEDDLE__'

/**
 * The options given to `withHeddle`, as found in the projects of a run. Projects given as paths do not inherit the
 * globals of the root config, so where the projects do not agree, the root config's options count.
 */
export function inlineOptionsOf(projects: readonly HostProjectConfig[]): HeddleOptions {
  const carried = projects.map(({ globals }) => globals[OPTIONS_GLOBAL] as HeddleOptions | undefined)
  const first = carried.find((options) => options !== undefined)
  const isUnanimous = new Set(carried.map(optionsId)).size === 1
  return (isUnanimous ? first : undefined) ?? processState().rootOptions ?? first ?? {}
}
