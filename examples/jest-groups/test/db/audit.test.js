const { group } = require('@heddle/jest')
const { database, work } = require('../databases.js')

// Looks at both databases, so nobody else may be in one. What a file says is added to what the rules say of it.
group.exclusive('postgres')

test('nothing is lost between the databases', async () => {
  expect(database()).toBe('shop_1')
  await work(200)
})
