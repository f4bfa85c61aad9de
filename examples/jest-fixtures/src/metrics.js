const { once } = require('node:events')
const { createServer } = require('node:http')

/** Listens at a port that its configuration says, and at no other. */
async function startMetrics(config) {
  const server = createServer((_, response) => response.end('orders_total 3'))
  server.listen(config.port)
  await once(server, 'listening')
  return {
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

module.exports = { startMetrics }
