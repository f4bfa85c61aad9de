const { sleepObserved } = require('./sleep.js')

test('takes 550 ms', async () => {
  await sleepObserved('d.test.js', 550)
  expect(true).toBe(true)
})
