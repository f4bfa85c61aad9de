export { redis, type RedisHandle, type RedisValue } from './redis.js'
export type { RedisIsolation, RedisOptions } from './redis-options.js'
