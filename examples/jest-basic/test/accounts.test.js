const { answerAfter } = require('./slow-service.js')

test('finds an account (1 of 6)', async () => {
  expect(await answerAfter(58)).toBe('ok')
})

test('finds an account (2 of 6)', async () => {
  expect(await answerAfter(58)).toBe('ok')
})

test('finds an account (3 of 6)', async () => {
  expect(await answerAfter(58)).toBe('ok')
})

test('finds an account (4 of 6)', async () => {
  expect(await answerAfter(58)).toBe('ok')
})

test('finds an account (5 of 6)', async () => {
  expect(await answerAfter(58)).toBe('ok')
})

test('finds an account (6 of 6)', async () => {
  expect(await answerAfter(58)).toBe('ok')
})
