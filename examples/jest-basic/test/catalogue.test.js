const { answerAfter } = require('./slow-service.js')

test('lists the catalogue (1 of 5)', async () => {
  expect(await answerAfter(80)).toBe('ok')
})

test('lists the catalogue (2 of 5)', async () => {
  expect(await answerAfter(80)).toBe('ok')
})

test('lists the catalogue (3 of 5)', async () => {
  expect(await answerAfter(80)).toBe('ok')
})

test('lists the catalogue (4 of 5)', async () => {
  expect(await answerAfter(80)).toBe('ok')
})

test('lists the catalogue (5 of 5)', async () => {
  expect(await answerAfter(80)).toBe('ok')
})
