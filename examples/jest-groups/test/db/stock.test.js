const { database, work } = require('../databases.js')

test('the stock has a database of its own', async () => {
  expect(['shop_1', 'shop_2']).toContain(database())
  await work(300)
})
