const { resource } = require('@heddle/jest')
const { countCustomers, createCustomer } = require('../src/customers')

const main = resource('main')

test('creates a customer', async () => {
  const { id } = await createCustomer('ann@example.com')
  expect(id).toBe(1)
  expect(await main().rows`select email from customers`).toEqual([{ email: 'ann@example.com' }])
})

test('the next test finds nothing of it', async () => {
  expect(await countCustomers()).toBe(0)
  expect((await createCustomer('ann@example.com')).id).toBe(1)
})

test('an address belongs to one customer', async () => {
  await createCustomer('ann@example.com')
  await expect(createCustomer('ann@example.com')).rejects.toThrow('duplicate key')
  expect(await countCustomers()).toBe(1)
})
