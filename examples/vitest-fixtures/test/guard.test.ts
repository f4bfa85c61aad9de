import { tempDir } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { Archive } from '../src/archive.js'
import { formatPrice } from '../src/prices.js'

const home = process.cwd()

test('leaves a variable and another directory behind', async () => {
  process.env['SHOP_CURRENCY'] = 'USD'
  process.chdir('src')
  const archive = new Archive(await tempDir())
  await archive.add({ id: '1', article: formatPrice(250) })
  expect(await archive.all()).toEqual([{ id: '1', article: '2.50 USD' }])
})

test('is not affected by the test before', () => {
  expect(formatPrice(250)).toBe('2.50 EUR')
  expect(process.cwd()).toBe(home)
})
