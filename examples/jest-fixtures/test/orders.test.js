const { namespace, shared } = require('@heddle/jest')
const { Orders } = require('../src/orders.js')

const database = shared('database', { create: './test/database.js' })

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
