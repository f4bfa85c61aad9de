const { socketPath } = require('@heddle/jest')
const { askTill, openTill } = require('../src/till.js')

let path
let till

beforeAll(async () => {
  path = await socketPath()
  till = await openTill(path, 370)
})

afterAll(() => {
  till.close()
})

test('the till tells what is in it', async () => {
  expect(await askTill(path)).toBe(370)
})
