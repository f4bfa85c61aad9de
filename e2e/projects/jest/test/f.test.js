const { sleepObserved } = require('./sleep.js')

test('takes 130 ms', async () => {
  await sleepObserved('f.test.js', 130)
  expect(true).toBe(true)
})
