const { createLogger, namespace, shared } = require('@heddle/jest')
const { Orders } = require('../src/orders.js')

const database = shared('database', { create: './test/database.js' })
const log = createLogger('returns')

test('what is sent back is there', async () => {
  const { url } = await database
  const table = namespace('orders')
  log.info('using table', table)
  const orders = new Orders(url, table)
  await orders.add('milk, sour')
  expect(await orders.all()).toEqual(['milk, sour'])
})
