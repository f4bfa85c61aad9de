const { once } = require('node:events')
const { connect, createServer } = require('node:net')
const { text } = require('node:stream/consumers')

/** A till that adds up, at a socket. */
async function openTill(path) {
  const till = createServer({ allowHalfOpen: true }, (socket) => void addUp(socket))
  till.listen(path)
  await once(till, 'listening')
  return till
}

async function askTill(path, prices) {
  const socket = connect({ path, allowHalfOpen: true })
  socket.end(prices.join(' '))
  return Number(await text(socket))
}

async function addUp(socket) {
  const prices = (await text(socket)).split(' ').map(Number)
  socket.end(String(prices.reduce((sum, price) => sum + price, 0)))
}

module.exports = { openTill, askTill }
