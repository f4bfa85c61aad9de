import { randomUUID } from 'node:crypto'
import { isInWorker } from '../groups/slot-variables.js'

/** Which run this is, and whether other machines of the same CI pipeline have the same id. */
export interface RunIdentity {
  readonly runId: string
  readonly isPipeline: boolean
}

/** What CI systems call the number of a pipeline; the same in all its jobs, and kept when a failed job is run again. */
const PIPELINE_VARIABLES = [
  'HEDDLE_RUN_ID',
  'GITHUB_RUN_ID',
  'CI_PIPELINE_ID', // GitLab
  'CIRCLE_WORKFLOW_ID',
  'BUILDKITE_BUILD_ID',
  'BITBUCKET_PIPELINE_UUID',
  'BUILD_BUILDID', // Azure Pipelines
  'BUILD_TAG', // Jenkins
] as const

/**
 * The id of the CI pipeline (`HEDDLE_RUN_ID` or what the CI system sets), otherwise a random one. In a worker
 * `HEDDLE_RUN_ID` is the run that the worker belongs to, which a run started by one of its tests is not.
 */
export function identifyRun(env: NodeJS.ProcessEnv): RunIdentity {
  const isOther = (name: string): boolean => name === 'HEDDLE_RUN_ID' && isInWorker(env)
  const variable = PIPELINE_VARIABLES.find((name) => env[name] && !isOther(name))
  return variable === undefined
    ? { runId: randomUUID(), isPipeline: false }
    : { runId: env[variable] ?? '', isPipeline: true }
}
