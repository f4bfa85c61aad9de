import { listen } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { createShop } from '../src/shop.js'

test('the shop is always open', async () => {
  const { url } = await listen(createShop())
  const response = await fetch(`${url}/opening-hours`)
  expect(await response.text()).toBe('always')
})
