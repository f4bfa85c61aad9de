import { randomBytes } from 'node:crypto'
import { newMarker } from '../common/marker.js'
import { testName, workerName } from '../common/names.js'
import type { RedisClient } from './redis-client.js'
import { connectionName, release, tryTake, type Taken } from './redis-registry.js'
import { findMulti, type RedisSource, type RedisSpace } from './redis-space.js'
import type { SharedServer } from './shared-server.js'

const PREFIX = 'prefix '

/**
 * Keys and channels that begin alike, for each. Where the server has users, the code under test is one that may use no others:
 * what forgets the prefix fails.
 */
export function openPrefixSource(server: SharedServer): RedisSource {
  return {
    create: async ({ slot, number, lifetime }) => {
      const user = lifetime === 'worker' ? workerName(server.key, slot) : testName(server.key, number)
      const marker = newMarker(lifetime, server.maker, { owner: server.owner })
      const taken = { place: `${PREFIX}${user}:`, marker, text: JSON.stringify(marker) }
      await tryTake(server.registry, taken.place, marker)
      return spaceWith(server, user, taken)
    },
    stop: async () => server.registry.disconnect(),
  }
}

/** Removes the keys and the user of a prefix. */
async function emptyPrefix(client: RedisClient, prefix: string): Promise<number> {
  let cursor = '0'
  let removed = 0
  do {
    const [next, keys] = (await client.call('SCAN', cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000)) as [string, string[]]
    if (keys.length > 0) removed += Number(await client.call('UNLINK', ...keys))
    cursor = next
  } while (cursor !== '0')
  return removed
}

/** Gives a prefix back that a run had taken: its keys, its user, its entry. */
export async function releasePrefix(
  { registry, url, open, key, own, registryNumber }: SharedServer,
  taken: Taken,
): Promise<void> {
  const prefix = taken.place.slice(PREFIX.length)
  const client = await open({ url, name: connectionName(key), database: own })
  try {
    await emptyPrefix(client, prefix)
    await client.call('ACL', 'DELUSER', prefix.slice(0, -1)).catch(() => undefined)
  } finally {
    client.disconnect()
  }
  await release(registry, taken, registryNumber)
}

async function spaceWith(server: SharedServer, user: string, taken: Taken): Promise<RedisSpace> {
  const prefix = `${user}:`
  const client = await server.open({ url: server.url, name: connectionName(server.key), database: server.own })
  const url = await urlFor(client, server, user)
  return {
    url,
    prefix,
    client,
    reset: async () => {
      const removed = await emptyPrefix(client, prefix)
      return { cleaned: removed === 0 ? [] : [`${removed} keys`] }
    },
    findOpen: () => findMulti(client, (line) => line.includes(` user=${user} `)),
    drop: async () => {
      client.disconnect()
      await releasePrefix(server, taken)
    },
  }
}

/** As a user who may use nothing else; as before, if there can be no users. */
async function urlFor(client: RedisClient, { url }: SharedServer, user: string): Promise<string> {
  const password = randomBytes(12).toString('hex')
  const rights = [`~${user}:*`, `&${user}:*`, '+@all', '-@admin', '-@dangerous', '+info']
  try {
    await client.call('ACL', 'SETUSER', user, 'reset', 'on', `>${password}`, ...rights)
  } catch {
    return url
  }
  const own = new URL(url)
  own.username = user
  own.password = password
  return own.href
}
