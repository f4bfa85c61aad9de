import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contextIn, requestIn, type TestContext } from '../fixtures/run-context.js'
import { REDIS_URL } from '../fixtures/redis-server.js'
import { isServerMissing } from '../fixtures/server-there.js'
import { temporaryDir } from '../fixtures/surroundings.js'
import { lookAfterTest, startRedis } from '../src/redis/redis-engine.js'
import type { RedisOptions } from '../src/redis/redis-options.js'
import { redisAdmin } from '../src/redis/redis-admin.js'
import type { RedisSource, RedisSpace } from '../src/redis/redis-space.js'
import { killMany, startCycle } from './cycle.js'

describe.skipIf(isServerMissing(REDIS_URL))('a Redis server that others use as well', () => {
  const { dir, remove } = temporaryDir()
  const endings: (() => unknown)[] = []
  const clean = redisAdmin({ url: REDIS_URL })
  let context: TestContext
  /** Of somebody else. */
  let stranger: Redis

  beforeEach(async () => {
    context = contextIn(dir)
    stranger = new Redis(REDIS_URL)
  })

  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end()
    expect(await clean.status(context)).toEqual([])
    stranger.disconnect()
    remove()
  })

  async function start(options: RedisOptions = {}): Promise<RedisSource> {
    const source = await startRedis({ url: REDIS_URL, ...options }, context)
    endings.push(source.stop)
    return source
  }

  async function open(source: RedisSource, slot = 1): Promise<{ space: RedisSpace; app: Redis }> {
    const space = await source.create(requestIn(context, slot))
    const app = new Redis(space.url)
    endings.push(space.drop, () => app.disconnect())
    return { space, app }
  }

  test('each worker has an empty database of its own, which is not the one of the URL', async () => {
    const source = await start()
    const [one, two] = [await open(source, 1), await open(source, 2)]
    await one.app.set('a', 1)
    expect(new URL(one.space.url).pathname).not.toBe(new URL(two.space.url).pathname)
    expect(await two.app.dbsize()).toBe(0)
    expect(await one.space.reset()).toEqual({ cleaned: ['1 keys'] })
    expect(await one.app.dbsize()).toBe(0)
  })

  test("a database that has somebody else's keys is not taken", async () => {
    const source = await start()
    const free = await open(source)
    const number = Number(new URL(free.space.url).pathname.slice(1))
    await free.space.drop()
    await stranger.select(number)
    await stranger.set('precious', 1)
    endings.push(() => stranger.flushdb())
    const { space } = await open(source)
    expect(new URL(space.url).pathname).not.toBe(`/${number}`)
    await space.reset()
    expect(await stranger.get('precious')).toBe('1')
  })

  test('a MULTI that was left open in the database is told, others are not', async () => {
    const source = await start()
    const [one, two] = [await open(source, 1), await open(source, 2)]
    await one.app.call('MULTI')
    expect((await lookAfterTest(one.space)).left).toHaveLength(1)
    expect(await lookAfterTest(two.space)).toEqual({ left: [] })
  })

  test('with a prefix, what has another one fails, and is not removed', async () => {
    const source = await start({ isolation: 'prefix' })
    const { space, app } = await open(source)
    await stranger.set('heddle-test:other', 1)
    endings.push(() => stranger.del('heddle-test:other'))
    await app.set(`${space.prefix}a`, 1)
    await expect(app.set('a', 1)).rejects.toThrow('NOPERM')
    await expect(app.get('heddle-test:other')).rejects.toThrow('NOPERM')
    await expect(app.flushall()).rejects.toThrow('NOPERM')
    await expect(app.publish('news', 'x')).rejects.toThrow('NOPERM')
    expect(await space.reset()).toEqual({ cleaned: ['1 keys'] })
    expect(await app.exists(`${space.prefix}a`)).toBe(0)
    expect(await stranger.get('heddle-test:other')).toBe('1')
  })

  test('what a living run has is not swept', async () => {
    const { app } = await open(await start())
    await app.set('a', 1)
    expect(await clean.clean(context, { isAll: true, isDryRun: false })).toEqual([])
    expect(await app.get('a')).toBe('1')
  })

  test('what another project has is told apart, and not removed', async () => {
    const other = contextIn(dir, { root: `${dir}/other` })
    const { app } = await open(await start())
    await app.set('a', 1)
    const [own] = await clean.status(context)
    const [seen] = await clean.status(other)
    expect(own).toMatchObject({ state: 'in use', kind: 'worker' })
    expect([own?.isOthers, seen]).toEqual([undefined, { ...own, isOthers: true }])
    expect(await clean.clean(other, { isAll: true, isDryRun: false })).toEqual([])
    expect(await app.get('a')).toBe('1')
  })

  for (const isolation of ['database', 'prefix'] as const) {
    test(`50 runs killed at any moment leave nothing (${isolation})`, { timeout: 180_000 }, async () => {
      await stranger.set('hdl_abcdef_w1:look-alike', 1)
      endings.push(() => stranger.del('hdl_abcdef_w1:look-alike'))
      const cycle = { entry: 'redis', call: 'redis', options: { url: REDIS_URL, isolation }, dir, cycles: 3 }
      // There are 14 databases at most, and each has up to three.
      expect(await killMany(cycle, { count: 50, width: 4 })).toBeGreaterThan(20)
      const last = startCycle(cycle)
      expect(await last.end, last.errors()).toBe(0)
      expect(await clean.status(context)).toEqual([])
      expect(await stranger.get('hdl_abcdef_w1:look-alike')).toBe('1')
      expect(await stranger.call('ACL', 'LIST')).toHaveLength(1)
    })
  }
})
