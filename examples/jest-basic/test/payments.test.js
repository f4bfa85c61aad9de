const { answerAfter } = require('./slow-service.js')

test('waits for the payment provider (1 of 3)', async () => {
  expect(await answerAfter(233)).toBe('ok')
})

test('waits for the payment provider (2 of 3)', async () => {
  expect(await answerAfter(233)).toBe('ok')
})

test('waits for the payment provider (3 of 3)', async () => {
  expect(await answerAfter(233)).toBe('ok')
})
