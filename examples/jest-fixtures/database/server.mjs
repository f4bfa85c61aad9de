// A database as a program of its own: tables of rows, over HTTP. Started as `node server.mjs <port>`.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

const tables = new Map()

const server = createServer((request, response) => {
  void answer(request, response)
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'))

async function answer(request, response) {
  const table = request.url
  if (table === '/stop') {
    response.end('', () => process.exit())
    return
  }
  const rows = tables.get(table) ?? []
  if (request.method === 'POST') tables.set(table, [...rows, await text(request)])
  response.end(JSON.stringify(rows))
}
