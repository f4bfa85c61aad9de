const { pay } = require('./account.js')

test('renews @payments', async () => {
  expect(await pay()).toBe('paid')
})

test('knows when it ends', () => {
  expect(new Date(Date.UTC(2027, 0, 31)).getUTCFullYear()).toBe(2027)
})
