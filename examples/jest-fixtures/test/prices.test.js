const { env } = require('@heddle/jest')
const { formatPrice } = require('../src/prices.js')

test('prices are in the currency of the country', () => {
  env({ SHOP_CURRENCY: 'CHF' })
  expect(formatPrice(250)).toBe('2.50 CHF')
})

test('prices are in euros', () => {
  expect(formatPrice(250)).toBe('2.50 EUR')
})
