const { port } = require('@heddle/jest')
const { startMetrics } = require('../src/metrics.js')

let config
let metrics

beforeEach(async () => {
  config = { port: await port() }
  metrics = await startMetrics(config)
})

afterEach(() => metrics.stop())

test('the metrics are at the port of the configuration', async () => {
  const response = await fetch(`http://localhost:${config.port}`)
  expect(await response.text()).toBe('orders_total 3')
})
