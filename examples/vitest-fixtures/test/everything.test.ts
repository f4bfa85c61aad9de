import { env, listen, namespace, port, shared, tempDir } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { Archive } from '../src/archive.js'
import { startMetrics } from '../src/metrics.js'
import { Orders } from '../src/orders.js'
import { formatPrice } from '../src/prices.js'
import { createShop } from '../src/shop.js'
import type { Database } from './database.js'

const database = shared<Database>('database', { create: './test/database.ts' }) // one for all workers, when needed

test('a shop of its own', async () => {
  const { url } = await listen(createShop()) //                        at a port of its own, closed afterwards
  const metrics = await startMetrics({ port: await port() }) //        a port that no other test on this machine has
  const archive = new Archive(await tempDir()) //                      removed afterwards, kept if the test fails
  const orders = new Orders((await database).url, namespace('orders')) // a table that nobody else uses
  env({ SHOP_CURRENCY: 'CHF' }) //                                     until the end of the test

  await orders.add('tea')
  await archive.add({ id: '1', article: `tea, ${formatPrice(250)}` })
  expect(await orders.all()).toEqual(['tea'])
  expect(await archive.all()).toEqual([{ id: '1', article: 'tea, 2.50 CHF' }])
  expect((await fetch(url)).status).toBe(200)
  await metrics.stop()
})
