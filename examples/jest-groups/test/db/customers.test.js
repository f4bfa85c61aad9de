const { database, work } = require('../databases.js')

test('customers have a database of their own', async () => {
  expect(['shop_1', 'shop_2']).toContain(database())
  await work(300)
})
