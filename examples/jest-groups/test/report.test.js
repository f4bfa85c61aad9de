const { setTimeout } = require('node:timers/promises')

test('renders the yearly report on two cores', async () => {
  await setTimeout(250)
  expect('report').toHaveLength(6)
})
