import { createLogger, namespace, shared } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { Orders } from '../src/orders.js'
import type { Database } from './database.js'

const database = shared<Database>('database', { create: './test/database.ts' })
const log = createLogger('returns')

test('what is sent back is there', async () => {
  const { url } = await database
  const table = namespace('orders')
  log.info('using table', table)
  const orders = new Orders(url, table)
  await orders.add('milk, sour')
  expect(await orders.all()).toEqual(['milk, sour'])
})
