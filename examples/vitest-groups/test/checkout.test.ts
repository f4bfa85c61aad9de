import { describe, expect, test } from 'vitest'
import { pay } from './account.js'

describe('checkout @payments', () => {
  test('pays by card', async () => {
    expect(await pay()).toBe('paid')
  })
})

test('adds up the basket', () => {
  expect(2 + 3).toBe(5)
})
