import { port } from '@heddle/vitest'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startMetrics, type Metrics } from '../src/metrics.js'

let config: { readonly port: number }
let metrics: Metrics

beforeEach(async () => {
  config = { port: await port() }
  metrics = await startMetrics(config)
})

afterEach(() => metrics.stop())

test('the metrics are at the port of the configuration', async () => {
  const response = await fetch(`http://localhost:${config.port}`)
  expect(await response.text()).toBe('orders_total 3')
})
