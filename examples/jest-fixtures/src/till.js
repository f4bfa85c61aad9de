const { once } = require('node:events')
const { connect, createServer } = require('node:net')
const { text } = require('node:stream/consumers')

/** A till that tells whoever connects to its socket how much is in it. */
async function openTill(path, content) {
  const till = createServer((socket) => socket.end(String(content)))
  till.listen(path)
  await once(till, 'listening')
  return till
}

async function askTill(path) {
  return Number(await text(connect(path)))
}

module.exports = { openTill, askTill }
