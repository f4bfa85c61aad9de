const { createCustomer } = require('../src/customers')
const { placeOrder, stockOf } = require('../src/orders')

let ann

beforeEach(async () => {
  ann = (await createCustomer('ann@example.com')).id
})

test('an order takes what is ordered from the stock', async () => {
  expect(await placeOrder(ann, { tea: 2, coffee: 1 })).toBe(1)
  expect([await stockOf('tea'), await stockOf('coffee')]).toEqual([1, 4])
})

test('an order that cannot be filled takes nothing', async () => {
  await expect(placeOrder(ann, { coffee: 1, tea: 4 })).rejects.toThrow('articles_stock_check')
  expect([await stockOf('tea'), await stockOf('coffee')]).toEqual([3, 5])
})

test('two orders at once do not sell the same tea', async () => {
  const results = await Promise.allSettled([placeOrder(ann, { tea: 2 }), placeOrder(ann, { tea: 2 })])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await stockOf('tea')).toBe(1)
})
