const { answerAfter } = require('./slow-service.js')

test('closes the year', async () => {
  expect(await answerAfter(2600)).toBe('ok')
})
