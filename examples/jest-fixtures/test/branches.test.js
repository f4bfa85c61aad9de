const { portBlock } = require('@heddle/jest')
const { startMetrics } = require('../src/metrics.js')

test('the branches have ports in a row', async () => {
  const ports = await portBlock(3)
  const branches = await Promise.all(ports.map((port) => startMetrics({ port })))
  expect(ports).toEqual([ports[0], ports[0] + 1, ports[0] + 2])
  await Promise.all(branches.map((branch) => branch.stop()))
})
