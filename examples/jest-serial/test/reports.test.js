const { setTimeout } = require('node:timers/promises')
const { serial } = require('@heddle/jest')
const { balance } = require('./ledger.js')

serial.shared('ledger')('finds the same balance twice', async () => {
  const before = balance()
  await setTimeout(150)
  expect(balance()).toBe(before)
})
