import { HeddleError, reasonOf, type ResourceSurroundings } from '@heddle/core'
import { parseAddress, type Address } from '../common/address.js'
import { makerOf, type Maker } from '../common/marker.js'
import { runKey } from '../common/names.js'
import { refuseUnsafe } from '../common/refuse-unsafe.js'
import { shortHash } from '../common/short-hash.js'
import { loadClient, type OpenClient, type RedisClient } from './redis-client.js'
import type { RedisOptions } from './redis-options.js'
import { connectionName, findRegistry } from './redis-registry.js'

/** A server that others use as well. */
export interface SharedServer {
  readonly url: string
  readonly open: OpenClient
  /** In the database of the registry. */
  readonly registry: RedisClient
  readonly registryNumber: number
  /** How many databases it has. */
  readonly count: number
  /** The one that the URL names. */
  readonly own: number
  readonly key: string
  readonly maker: Maker
  /** Which resource of which project it is. */
  readonly owner: string
}

/** @throws HeddleError `HEDDLE_RESOURCE_INVALID`, `HEDDLE_RESOURCE_REFUSED`, `HEDDLE_RESOURCE_FAILED` */
export async function openSharedServer(
  { url = '', allowRemote = [] }: RedisOptions,
  { name, env, root }: ResourceSurroundings,
  runId: string,
): Promise<SharedServer> {
  const address = parseAddress(url, { place: `url of resource "${name}"`, protocols: ['redis', 'rediss'] })
  refuseUnsafe(address, { name, env, allowRemote })
  const key = runKey(runId, name)
  const owner = shortHash([root, name], 10)
  const open = loadClient(root)
  const first = await connect(() => open({ url, name: connectionName(key) }), address)
  try {
    const count = await countDatabases(first)
    const own = Number(/^\d+$/.exec(address.database)?.[0] ?? 0)
    const registryNumber = await findRegistry(first, { count, own })
    // One that connects again comes back to the database that it began with.
    const registry = await open({ url, name: connectionName(key), database: registryNumber })
    return { url, open, registry, registryNumber, count, own, key, maker: makerOf(key), owner }
  } finally {
    first.disconnect()
  }
}

async function connect(open: () => Promise<RedisClient>, { words }: Address): Promise<RedisClient> {
  try {
    return await open()
  } catch (error) {
    throw new HeddleError('HEDDLE_RESOURCE_FAILED', {
      problem: `Cannot reach ${words}: ${reasonOf(error)}`,
      fix: 'start it (redis-server, or docker run -d -p 6379:6379 redis), correct the url, or leave it out to have a server per worker.',
      cause: error,
    })
  }
}

/** Where CONFIG is forbidden: as many as can be selected, of the usual 16. */
async function countDatabases(client: RedisClient): Promise<number> {
  try {
    const [, count] = (await client.call('CONFIG', 'GET', 'databases')) as string[]
    if (count !== undefined) return Number(count)
  } catch {
    // Not allowed.
  }
  let count = 1
  while (
    count < 16 &&
    (await client.call('SELECT', count).then(
      () => true,
      () => false,
    ))
  )
    count += 1
  return count
}
