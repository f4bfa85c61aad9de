import { expect, test } from 'vitest'
import { database, work } from '../databases.js'

test('customers have a database of their own', async () => {
  expect(['shop_1', 'shop_2']).toContain(database())
  await work(300)
})
