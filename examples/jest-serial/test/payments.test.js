const { serial } = require('@heddle/jest')
const { balance, book } = require('./ledger.js')

serial('ledger')('books a payment', async () => {
  const before = balance()
  await book(100)
  expect(balance()).toBe(before + 100)
})

serial('ledger').each([10, 20, 30])('books a payment of %i', async (amount) => {
  const before = balance()
  await book(amount)
  expect(balance()).toBe(before + amount)
})

serial(['ledger', 'smtp'])('books a payment and mails the receipt', async () => {
  const before = balance()
  await book(5)
  expect(balance()).toBe(before + 5)
})
