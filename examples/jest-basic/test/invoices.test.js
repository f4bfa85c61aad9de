const { answerAfter } = require('./slow-service.js')

test('numbers invoices (1 of 4)', async () => {
  expect(await answerAfter(112)).toBe('ok')
})

test('numbers invoices (2 of 4)', async () => {
  expect(await answerAfter(112)).toBe('ok')
})

test('numbers invoices (3 of 4)', async () => {
  expect(await answerAfter(112)).toBe('ok')
})

test('numbers invoices (4 of 4)', async () => {
  expect(await answerAfter(112)).toBe('ok')
})
