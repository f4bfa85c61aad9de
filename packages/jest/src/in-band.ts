import { lowerBoundOf, type Job } from '@heddle/core'
import type { HostGlobalConfig } from './host-types.js'

/** About what it costs to start the workers, at worst. */
const NOTABLE_MS = 1500

/** How many files can run at once, before Jest decides whether to use workers. Who asks for one (`-i`, `--detectOpenHandles`) gets it. */
export function widthOf({ runInBand, detectOpenHandles, maxWorkers }: HostGlobalConfig): number {
  return runInBand || detectOpenHandles ? 1 : Math.max(1, maxWorkers)
}

/**
 * Whether to run in workers although Jest chose to run in band. Jest does so for up to 20 files that all took less
 * than a second: one after another, up to 20 s.
 *
 * @param limits of groups, by name
 */
export function shouldUseWorkers(
  jobs: readonly Job[],
  globalConfig: HostGlobalConfig,
  limits?: ReadonlyMap<string, number>,
): boolean {
  const width = widthOf(globalConfig)
  if (width === 1) return false
  const total = jobs.reduce((sum, { expectedMs }) => sum + expectedMs, 0)
  return total - lowerBoundOf(jobs, width, limits).ms > NOTABLE_MS
}
