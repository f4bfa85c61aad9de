import { test } from '@heddle/vitest'
import { expect } from 'vitest'
import { countCustomers, createCustomer } from '../src/customers.js'

test('creates a customer', async ({ main }) => {
  const { id } = await createCustomer('ann@example.com') //                a real COMMIT, through the app’s own pool
  expect(id).toBe(1) //                                                    sequences are clean as well
  expect(await main.rows`select email from customers`).toEqual([{ email: 'ann@example.com' }])
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
