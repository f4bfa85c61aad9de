const { sleepObserved } = require('./sleep.js')

test('takes 800 ms', async () => {
  await sleepObserved('b.test.js', 800)
  expect(true).toBe(true)
})
