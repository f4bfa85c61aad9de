const { heddle } = require('@heddle/jest')

test('starts before everything else and has a port of its own', () => {
  const port = 3000 + (heddle.slot ?? 0)
  expect(port).toBeGreaterThan(3000)
  expect(process.env.HEDDLE_SLOT).toBe(String(heddle.slot))
})
