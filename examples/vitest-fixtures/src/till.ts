import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'

/** A till that adds up, at a socket. */
export async function openTill(path: string): Promise<Server> {
  const till = createServer({ allowHalfOpen: true }, (socket) => void addUp(socket))
  till.listen(path)
  await once(till, 'listening')
  return till
}

export async function askTill(path: string, prices: readonly number[]): Promise<number> {
  const socket = connect({ path, allowHalfOpen: true })
  socket.end(prices.join(' '))
  return Number(await text(socket))
}

async function addUp(socket: Socket): Promise<void> {
  const prices = (await text(socket)).split(' ').map(Number)
  socket.end(String(prices.reduce((sum, price) => sum + price, 0)))
}
