import { HeddleError, type ResetReport, type ResourceContext } from '@heddle/core'
import { findBinary } from './find-binary.js'
import { startOwnServer } from './own-server.js'
import { linesOf, loadClient, type OpenClient, type RedisClient } from './redis-client.js'
import { findMulti, type RedisSource } from './redis-space.js'

const NAME = 'heddle'

/** A server for each: nothing is shared, not even channels and settings. */
export function openServerSource(context: ResourceContext): RedisSource {
  const binary = findBinary(context.env)
  if (binary === undefined) throw noBinary(context.name)
  const open = loadClient(context.root)
  return {
    create: async () => {
      const dir = await context.tempDir({ prefix: 'redis', keep: 'never' })
      const place = { binary, dir, port: await context.port({ host: '127.0.0.1' }) }
      const server = await startOwnServer(place, (url) => isUp(open, url))
      const client = await open({ url: server.url, name: NAME })
      const settings = await readSettings(client)
      return {
        url: server.url,
        prefix: '',
        client,
        reset: () => reset(client, settings),
        findOpen: () => findMulti(client, (line) => !line.includes(` name=${NAME} `)),
        drop: async () => {
          client.disconnect()
          await server.stop()
        },
      }
    },
    stop: async () => undefined,
  }
}

/** What a test may have set, besides keys. */
interface Settings {
  readonly config: ReadonlyMap<string, string>
  readonly users: readonly string[]
}

async function reset(client: RedisClient, before: Settings): Promise<ResetReport> {
  const [keyspace, after] = await Promise.all([client.call('INFO', 'keyspace'), readSettings(client)])
  const calls = [
    // First of all: it may be that the rest is forbidden.
    ...changedSettings(before, after).map((args) => client.call(...args)),
    client.call('FLUSHALL'),
    client.call('SCRIPT', 'FLUSH'),
    client.call('CLIENT', 'UNPAUSE').catch(() => undefined),
    client.call('FUNCTION', 'FLUSH').catch(() => undefined),
  ]
  await Promise.all(calls)
  return { cleaned: keysIn(keyspace) }
}

async function readSettings(client: RedisClient): Promise<Settings> {
  const [config, users] = await Promise.all([
    client.call('CONFIG', 'GET', '*') as Promise<string[]>,
    // Before version 6 there are no users.
    client.call('ACL', 'LIST').catch(() => []) as Promise<string[]>,
  ])
  const pairs = config.flatMap((key, i): [string, string][] => (i % 2 === 0 ? [[key, config[i + 1] ?? '']] : []))
  return { config: new Map(pairs), users }
}

function changedSettings(before: Settings, after: Settings): readonly [string, ...string[]][] {
  const config = [...before.config].filter(([key, value]) => after.config.get(key) !== value)
  const added = after.users.filter((user) => !before.users.some((other) => nameOf(other) === nameOf(user)))
  const changed = before.users.filter((user) => !after.users.includes(user))
  return [
    ...config.map(([key, value]): [string, ...string[]] => ['CONFIG', 'SET', key, value]),
    ...added.map((user): [string, ...string[]] => ['ACL', 'DELUSER', nameOf(user)]),
    ...changed.map((user): [string, ...string[]] => [
      'ACL',
      'SETUSER',
      nameOf(user),
      'reset',
      ...user.split(' ').slice(2),
    ]),
  ]
}

/** A line of ACL LIST is `user default on …`. */
function nameOf(user: string): string {
  return user.split(' ')[1] ?? ''
}

/** For people: `3 keys of database 0`. */
function keysIn(keyspace: unknown): readonly string[] {
  return linesOf(keyspace).flatMap((line) => {
    const [, database, keys] = /^db(\d+):keys=(\d+)/.exec(line) ?? []
    return database === undefined ? [] : [`${keys} keys of database ${database}`]
  })
}

async function isUp(open: OpenClient, url: string): Promise<boolean> {
  try {
    const client = await open({ url, name: NAME })
    client.disconnect()
    return true
  } catch {
    return false
  }
}

function noBinary(name: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot start a server for resource "${name}": neither "redis-server" nor "valkey-server" is in PATH`,
    fix: "install one (apt install redis-server, brew install redis), or use one that runs: redis({ url: 'redis://127.0.0.1:6379' }).",
  })
}
