import type { ResourceAdmin, ResourceRow, ResourceSurroundings } from '@heddle/core'
import { readTaken } from './redis-registry.js'
import type { RedisOptions } from './redis-options.js'
import { findDeadSpaces, sweepSpaces } from './redis-sweep.js'
import { openSharedServer, type SharedServer } from './shared-server.js'

/** Of a server that is shared; own ones live no longer than their run. */
export function redisAdmin(options: RedisOptions): ResourceAdmin {
  const withServer = async <T>(
    surroundings: ResourceSurroundings,
    use: (server: SharedServer) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    if (options.url === undefined) return []
    const server = await openSharedServer(options, surroundings, `command ${process.pid} ${Date.now()}`)
    try {
      return await use(server)
    } finally {
      server.registry.disconnect()
    }
  }
  return {
    status: (surroundings) => withServer(surroundings, statusOf),
    clean: (surroundings, { isDryRun }) =>
      withServer(surroundings, async (server) =>
        isDryRun ? (await findDeadSpaces(server)).map(({ place }) => place) : sweepSpaces(server),
      ),
  }
}

async function statusOf(server: SharedServer): Promise<readonly ResourceRow[]> {
  const dead = new Set((await findDeadSpaces(server)).map(({ place }) => place))
  const taken = await readTaken(server.registry)
  return taken.map(({ place, marker }) => ({
    kind: marker.kind,
    name: place,
    state: dead.has(place) ? 'dead' : 'in use',
    usedAt: marker.at,
    ...(marker.owner === server.owner ? {} : { isOthers: true }),
    note: `pid ${marker.pid} on ${marker.host}`,
  }))
}
