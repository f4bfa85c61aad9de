const { sleepObserved } = require('./sleep.js')

test('takes 380 ms', async () => {
  await sleepObserved('e.test.js', 380)
  expect(true).toBe(true)
})
