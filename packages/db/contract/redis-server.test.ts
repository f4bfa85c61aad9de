import { mkdirSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { contextIn, requestIn } from '../fixtures/run-context.js'
import { temporaryDir } from '../fixtures/surroundings.js'
import { findBinary } from '../src/redis/find-binary.js'
import { lookAfterTest, startRedis } from '../src/redis/redis-engine.js'
import type { RedisSpace } from '../src/redis/redis-space.js'
import { startCycle } from './cycle.js'

const hasNone = findBinary(process.env) === undefined
if (hasNone && process.env['CI'] === 'true') throw new Error('Cannot test: redis-server is not installed')
if (hasNone) process.stderr.write('Skipped: redis-server is not installed\n')

describe.skipIf(hasNone)('a Redis server per worker', () => {
  const { dir, remove } = temporaryDir()
  const endings: (() => unknown)[] = []

  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end()
    remove()
  })

  async function open(slot = 1): Promise<{ space: RedisSpace; app: Redis }> {
    mkdirSync(dir, { recursive: true })
    const context = contextIn(dir)
    const source = await startRedis({}, context)
    const space = await source.create(requestIn(context, slot))
    const app = new Redis(space.url, { retryStrategy: () => null })
    app.on('error', () => undefined)
    endings.push(space.drop, () => app.disconnect())
    return { space, app }
  }

  test('after a reset it is as a new one: no keys, scripts, settings, users', async () => {
    const { space, app } = await open()
    await app.set('a', 1)
    await app.select(3)
    await app.set('b', 1)
    const sha = (await app.script('LOAD', 'return 1')) as string
    await app.config('SET', 'maxmemory', '100mb')
    await app.call('ACL', 'SETUSER', 'eve', 'on', 'nopass', '~*', '+@all')
    await app.call('ACL', 'SETUSER', 'default', '-flushall')

    const { cleaned } = await space.reset()

    expect(cleaned).toEqual(['1 keys of database 0', '1 keys of database 3'])
    expect(await app.dbsize()).toBe(0)
    expect(await app.script('EXISTS', sha)).toEqual([0])
    expect(await app.config('GET', 'maxmemory')).toEqual(['maxmemory', '0'])
    expect(await app.call('ACL', 'LIST')).toEqual([expect.stringMatching(/^user default on .*\+@all$/)])
    expect(await space.reset()).toEqual({ cleaned: [] })
  })

  test('workers see nothing of each other, not even what is published', async () => {
    const one = await open(1)
    const two = await open(2)
    const heard: string[] = []
    two.app.on('message', (channel: string) => heard.push(channel))
    await two.app.subscribe('news')
    await one.app.set('a', 1)
    expect(await one.app.publish('news', 'x')).toBe(0)
    expect(await two.space.client.call('DBSIZE')).toBe(0)
    expect(heard).toEqual([])
  })

  test('a MULTI that was left open is told', async () => {
    const { space, app } = await open()
    expect(await lookAfterTest(space)).toEqual({ left: [] })
    await app.call('MULTI')
    const { left } = await lookAfterTest(space)
    expect(left).toEqual([expect.stringMatching(/^a MULTI is open: connection \d+ \(127\.0\.0\.1:\d+\)$/)])
  })

  test('a server ends when it is dropped', async () => {
    const { space } = await open()
    await space.drop()
    await expectNobody(space.url)
  })

  test('servers end with the process that started them, even if it is killed', async () => {
    const cycle = startCycle({ entry: 'redis', call: 'redis', options: {}, dir, cycles: 1_000_000 })
    await cycle.printed(3)
    const urls = cycle
      .lines()
      .slice(1, 3)
      .map((line) => (JSON.parse(line) as { url: string }).url)
    expect(urls, cycle.errors()).toHaveLength(2)
    cycle.child.kill('SIGKILL')
    await cycle.end
    for (const url of urls) await expectNobody(url)
  })
})

/** Waits until nobody listens there. */
async function expectNobody(url: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
        client.on('error', () => undefined)
        const isThere = await client.connect().then(
          () => true,
          () => false,
        )
        client.disconnect()
        return isThere
      },
      { timeout: 5_000 },
    )
    .toBe(false)
}
