const { sleepObserved } = require('./sleep.js')

test('takes 240 ms', async () => {
  await sleepObserved('a.test.js', 240)
  expect(true).toBe(true)
})
