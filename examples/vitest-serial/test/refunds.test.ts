import { serial } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { balance, book } from './ledger.js'

serial('ledger')('books a refund', async () => {
  const before = balance()
  await book(-40)
  expect(balance()).toBe(before - 40)
})

serial.describe('ledger', 'a refund in two parts', () => {
  let before = 0

  test('books the first', async () => {
    before = balance()
    await book(-10)
  })

  test('books the second, and nobody was there in between', async () => {
    await book(-15)
    expect(balance()).toBe(before - 25)
  })
})
