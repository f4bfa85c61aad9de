import { lowerBoundOf, type Job } from '@heddle/core'
import type { HostGlobalConfig } from './host-types.js'

/** About what it costs to start the workers, at worst. */
const NOTABLE_MS = 1500

/**
 * Whether to run in workers although Jest chose to run in band. Jest does so for up to 20 files that all took less
 * than a second: one after another, up to 20 s. Who asked for it (`-i`, `--detectOpenHandles`) gets it.
 *
 * @param limits of groups, by name
 */
export function shouldUseWorkers(
  jobs: readonly Job[],
  globalConfig: HostGlobalConfig,
  limits?: ReadonlyMap<string, number>,
): boolean {
  const { runInBand, detectOpenHandles, maxWorkers } = globalConfig
  if (runInBand || detectOpenHandles || maxWorkers <= 1) return false
  const total = jobs.reduce((sum, { expectedMs }) => sum + expectedMs, 0)
  return total - lowerBoundOf(jobs, maxWorkers, limits).ms > NOTABLE_MS
}
