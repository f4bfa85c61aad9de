import { livingRuns, readTaken, release, type Taken } from './redis-registry.js'
import { releasePrefix } from './prefix-source.js'
import type { SharedServer } from './shared-server.js'

/** What dead runs have left. */
export async function findDeadSpaces({ registry }: SharedServer): Promise<readonly Taken[]> {
  // In this order: a run that takes something has been alive before.
  const taken = await readTaken(registry)
  const living = await livingRuns(registry)
  return taken.filter(({ marker }) => !living.has(marker.run))
}

/** @returns what was removed */
export async function sweepSpaces(server: SharedServer): Promise<readonly string[]> {
  const dead = await findDeadSpaces(server)
  for (const taken of dead) {
    if (taken.place.startsWith('prefix ')) await releasePrefix(server, taken)
    else await release(server.registry, taken, server.registryNumber)
  }
  return dead.map(({ place }) => place)
}
