import { expect } from 'vitest'
import { test } from '@heddle/vitest'
import { Archive } from '../src/archive.js'
import { startMetrics } from '../src/metrics.js'

test('a test has a port and a directory', async ({ port, tempDir }) => {
  const archive = new Archive(tempDir)
  await archive.add({ id: '1', article: 'tea' })
  const metrics = await startMetrics({ port })
  const response = await fetch(`http://localhost:${port}`)
  expect(await response.text()).toBe('orders_total 3')
  await metrics.stop()
})
