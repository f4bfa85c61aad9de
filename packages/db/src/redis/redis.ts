import { defineResource, type Resource, type ResourceHandle } from '@heddle/core'
import { listOf } from '../common/check-options.js'
import { redisAdmin } from './redis-admin.js'
import { lookAfterTest, startRedis } from './redis-engine.js'
import { checkRedisOptions, type RedisOptions } from './redis-options.js'
import type { RedisSource, RedisSpace } from './redis-space.js'

/** What tests see of it besides calls. */
export interface RedisValue {
  /** For the code under test: what the variables are set to. */
  readonly url: string
  /** What keys and channels have to begin with; empty if they may be any. */
  readonly prefix: string
}

const CALLS = {
  /** Runs a command: `cache.call('GET', 'key')`. */
  call: (space: RedisSpace, command: string, ...args: (string | number)[]): Promise<unknown> =>
    space.client.call(command, ...args),
}

/** What tests are given: `cache.url`, `cache.prefix`, `cache.call('GET', 'key')`. */
export type RedisHandle = ResourceHandle<RedisValue, typeof CALLS>

/**
 * Redis (or Valkey) for every worker, empty for every test: a server each, where the program is installed; with `url` one of
 * the numbered databases of that server each, or keys that begin alike. Needs `ioredis`.
 *
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`
 *
 * @example
 * // heddle.config.ts
 * export default { resources: { cache: redis() } }
 */
export function redis(options: RedisOptions = {}): Resource<RedisHandle> {
  checkRedisOptions(options)
  const variables = options.env === undefined ? ['REDIS_URL'] : listOf(options.env)
  const prefixVariable = options.prefixEnv ?? 'REDIS_PREFIX'
  return defineResource<RedisSpace, RedisValue, typeof CALLS, RedisSource>({
    kind: 'redis',
    files: options.files,
    perTest: options.perTest ?? 'reset',
    start: (context) => startRedis(options, context),
    create: (request, source) => source.create(request),
    value: ({ url, prefix }) => ({ url, prefix }),
    env: ({ url, prefix }) => ({
      ...Object.fromEntries(variables.map((variable) => [variable, url])),
      ...(prefix === '' ? {} : { [prefixVariable]: prefix }),
    }),
    reset: (space) => space.reset(),
    afterTest: lookAfterTest,
    calls: CALLS,
    destroy: (space) => space.drop(),
    stop: (source) => source.stop(),
    admin: redisAdmin(options),
  })
}
