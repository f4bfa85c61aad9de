import { portBlock } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { startMetrics } from '../src/metrics.js'

test('the branches have ports in a row', async () => {
  const ports = await portBlock(3)
  const branches = await Promise.all(ports.map((port) => startMetrics({ port })))
  const [first = 0] = ports
  expect(ports).toEqual([first, first + 1, first + 2])
  await Promise.all(branches.map((branch) => branch.stop()))
})
