import { threadLeases } from '../leases/thread-leases.js'
import { findCacheDir } from './cache-dir.js'
import type { ResourceSurroundings } from './resource.js'

/** Where a resource is asked for. */
export interface ResourcePlace {
  /** Its key in `resources`. */
  readonly name: string
  /** Where the host runs, absolute. */
  readonly root: string
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** Takes one line for people. */
  readonly print: (line: string) => void
  /** Undefined outside of runs: leases of scope run are then of this process alone. */
  readonly runId?: string | undefined
}

/**
 * What surrounds a resource, also where nothing runs.
 *
 * @example
 * const surroundings = resourceSurroundings({ name: 'main', root, env: process.env, print: console.log })
 * await definition.admin?.status(surroundings)
 */
export function resourceSurroundings({ name, root, env, print, runId }: ResourcePlace): ResourceSurroundings {
  const leases = () => threadLeases({ root, ...(runId === undefined ? {} : { runId }) })
  return { name, root, env, cacheDir: findCacheDir(env), leases, print }
}
