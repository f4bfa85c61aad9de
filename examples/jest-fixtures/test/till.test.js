const { socketPath } = require('@heddle/jest')
const { askTill, openTill } = require('../src/till.js')

let path
let till

beforeAll(async () => {
  path = await socketPath()
  till = await openTill(path)
})

afterAll(() => {
  till.close()
})

test('the till adds up', async () => {
  expect(await askTill(path, [250, 120])).toBe(370)
})
