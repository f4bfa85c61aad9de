import { HeddleError } from '@heddle/core'
import { readMarker, type Marker } from '../common/marker.js'
import { linesOf, type RedisClient } from './redis-client.js'

/** A database or prefix that somebody has taken. */
export interface Taken {
  /** `db 3` or `prefix hdl_…:`. */
  readonly place: string
  readonly marker: Marker
  /** As it is written. */
  readonly text: string
}

/** Where it is written down what is taken: a key of a database that nobody else uses. */
export const REGISTRY = 'heddle:registry'

/**
 * Gives back what a dead run had taken, and removes its keys; both at once, and only if it is still as it was seen: another run
 * may have been quicker, and may have taken it for itself.
 */
const RELEASE = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] ~= '' then
  redis.call('SELECT', ARGV[3])
  redis.call('FLUSHDB')
  redis.call('SELECT', ARGV[4])
end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1`

/** @returns the number of the database that has the registry, or that is empty and is to have it */
export async function findRegistry(
  client: RedisClient,
  { count, own }: { count: number; own: number },
): Promise<number> {
  const numbers = Array.from({ length: count }, (_, i) => count - 1 - i).filter((n) => n !== own)
  if (numbers.length === 0) return own
  let empty: number | undefined
  for (const number of numbers) {
    await client.call('SELECT', number)
    if (Number(await client.call('EXISTS', REGISTRY)) === 1) return number
    if (empty === undefined && Number(await client.call('DBSIZE')) === 0) empty = number
  }
  if (empty !== undefined) return empty
  throw new HeddleError('HEDDLE_RESOURCE_REFUSED', {
    problem: `Cannot use the Redis server: none of its ${count} databases is empty`,
    fix: 'use a server that is for tests, or empty some databases that nobody needs (redis-cli -n 15 FLUSHDB).',
  })
}

/** @param client in the database of the registry, as in all functions here */
export async function readTaken(client: RedisClient): Promise<readonly Taken[]> {
  const all = (await client.call('HGETALL', REGISTRY)) as readonly string[]
  return all.flatMap((place, i) => {
    const text = all[i + 1] ?? ''
    const marker = i % 2 === 0 ? readMarker(text) : undefined
    return marker === undefined ? [] : [{ place, marker, text }]
  })
}

/** @returns whether nobody else had it */
export async function tryTake(client: RedisClient, place: string, marker: Marker): Promise<boolean> {
  return Number(await client.call('HSETNX', REGISTRY, place, JSON.stringify(marker))) === 1
}

/** @returns whether it was still as seen */
export async function release(client: RedisClient, { place, text }: Taken, registry: number): Promise<boolean> {
  const database = /^db (\d+)$/.exec(place)?.[1] ?? ''
  return Number(await client.call('EVAL', RELEASE, 1, REGISTRY, place, text, database, registry)) === 1
}

/** What the connections of a run are called: as long as there is one, the run lives. */
export function connectionName(run: string): string {
  return `hdl_run_${run}`
}

/** Of which runs there are connections. */
export async function livingRuns(client: RedisClient): Promise<ReadonlySet<string>> {
  const names = linesOf(await client.call('CLIENT', 'LIST')).map((line) => / name=hdl_run_(\S+)/.exec(line)?.[1])
  return new Set(names.filter((name) => name !== undefined))
}
