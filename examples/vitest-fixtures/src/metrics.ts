import { once } from 'node:events'
import { createServer } from 'node:http'

/** What listens at a port that its configuration says, and at no other. */
export interface Metrics {
  stop(): Promise<void>
}

export async function startMetrics(config: { readonly port: number }): Promise<Metrics> {
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
