import { portBlock } from '@heddle/vitest'
import { expect, test } from 'vitest'
import { startMetrics } from '../src/metrics.js'

test('the branches have ports in a row', async () => {
  const ports = await portBlock(3)
  const branches = await Promise.all(ports.map((port) => startMetrics({ port })))
  expect(ports).toEqual([ports[0], Number(ports[0]) + 1, Number(ports[0]) + 2])
  await Promise.all(branches.map((branch) => branch.stop()))
})
