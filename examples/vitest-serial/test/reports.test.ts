import { setTimeout } from 'node:timers/promises'
import { serial } from '@heddle/vitest'
import { expect } from 'vitest'
import { balance } from './ledger.js'

serial.shared('ledger')('finds the same balance twice', async () => {
  const before = balance()
  await setTimeout(150)
  expect(balance()).toBe(before)
})
