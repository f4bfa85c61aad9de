const { sleepObserved } = require('./sleep.js')

test('takes 40 ms', async () => {
  await sleepObserved('c.test.js', 40)
  expect(true).toBe(true)
})
