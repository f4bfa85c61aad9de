import { HeddleError } from '@heddle/core'
import { newMarker } from '../common/marker.js'
import { connectionName, readTaken, REGISTRY, release, tryTake, type Taken } from './redis-registry.js'
import { findMulti, type RedisSource, type RedisSpace } from './redis-space.js'
import type { SharedServer } from './shared-server.js'

/** One of the numbered databases of a server for each. Channels and scripts are shared by all of them. */
export function openDatabaseSource(server: SharedServer): RedisSource {
  return {
    create: async ({ lifetime }) => {
      const taken = await takeDatabase(server, lifetime)
      return spaceIn(server, taken)
    },
    stop: async () => server.registry.disconnect(),
  }
}

/** The first that nobody has taken and that is empty. */
async function takeDatabase(server: SharedServer, kind: 'worker' | 'test'): Promise<Taken> {
  const { registry, count, own, registryNumber, maker, owner } = server
  const marker = newMarker(kind, maker, { owner })
  const taken = new Set((await readTaken(registry)).map(({ place }) => place))
  const filled: number[] = []
  for (let number = 0; number < count; number += 1) {
    const place = `db ${number}`
    if (number === own || number === registryNumber || taken.has(place)) continue
    if (!(await tryTake(registry, place, marker))) continue
    if (await isEmpty(server, number)) return { place, marker, text: JSON.stringify(marker) }
    // Somebody's keys: not ours to remove.
    await registry.call('HDEL', REGISTRY, place)
    filled.push(number)
  }
  throw noneLeft(count, taken.size, filled)
}

async function spaceIn(server: SharedServer, taken: Taken): Promise<RedisSpace> {
  const database = Number(taken.place.slice('db '.length))
  const url = new URL(server.url)
  url.pathname = `/${database}`
  const client = await server.open({ url: url.href, name: connectionName(server.key), database })
  return {
    url: url.href,
    prefix: '',
    client,
    reset: async () => {
      const keys = Number(await client.call('DBSIZE'))
      await client.call('FLUSHDB')
      return { cleaned: keys === 0 ? [] : [`${keys} keys`] }
    },
    findOpen: () => findMulti(client, (line) => line.includes(` db=${database} `)),
    drop: async () => {
      client.disconnect()
      await release(server.registry, taken, server.registryNumber)
    },
  }
}

async function isEmpty({ registry }: SharedServer, number: number): Promise<boolean> {
  const lines = String(await registry.call('INFO', 'keyspace'))
  return !new RegExp(`^db${number}:`, 'm').test(lines)
}

function noneLeft(count: number, taken: number, filled: readonly number[]): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot take a database of the Redis server: of ${count}, ${taken} are taken by runs, and ${
      filled.length === 0 ? 'none has' : `${filled.join(', ')} have`
    } keys of somebody else`,
    fix: "use fewer workers, leave out url to have a server per worker, raise `databases` of the server, or use isolation: 'prefix'.",
  })
}
