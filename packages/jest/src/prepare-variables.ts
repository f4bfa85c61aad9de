import { createRequire } from 'node:module'
import type * as core from '@heddle/core/fixtures'
import type { RunWork } from '@heddle/core/run-fixtures'
import type { FixturesOfRun } from './fixtures-of-run.js'
import type { HostTest } from './host-types.js'
import { tellVariables } from './prepared-variables.js'

/** What Jest is about to run. */
export interface JestWork extends RunWork {
  readonly tests: readonly HostTest[]
  readonly inBand: boolean
}

/**
 * Modules of `setupFiles` run before any test runner does; where there are some, workers start when it is known which
 * variables of resources they will have. In band, Jest itself has those of the first worker.
 *
 * @returns takes back what was set here
 */
export async function prepareVariables(fixtures: FixturesOfRun | undefined, work: JestWork): Promise<() => void> {
  const hasSetup = work.tests.some(({ context }) => context.config.setupFiles.length > 0)
  if (!hasSetup || fixtures?.settings.resources === undefined) return () => undefined
  const variables = await fixtures.prepare(work)
  tellVariables(variables)
  if (!work.inBand) return () => undefined
  const { setVariables } = createRequire(__filename)('@heddle/core/fixtures') as typeof core
  return setVariables([process.env], variables.get(1) ?? {})
}
