import { namespace, shared } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { Orders } from '../src/orders.js'
import type { Database } from './database.js'

const database = shared<Database>('database', { create: './test/database.ts' })

test('an order is there', async () => {
  const { url } = await database
  const orders = new Orders(url, namespace('orders'))
  await orders.add('tea')
  expect(await orders.all()).toEqual(['tea'])
})

test('a new shop has no orders', async () => {
  const { url } = await database
  expect(await new Orders(url, namespace('orders')).all()).toEqual([])
})
