import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { text } from 'node:stream/consumers'

/** A till that tells whoever connects to its socket how much is in it. */
export async function openTill(path: string, content: number): Promise<Server> {
  const till = createServer((socket) => socket.end(String(content)))
  till.listen(path)
  await once(till, 'listening')
  return till
}

export async function askTill(path: string): Promise<number> {
  return Number(await text(connect(path)))
}
