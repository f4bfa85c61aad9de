const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { resolve } = require('node:path')

/** Runs once per run, in the main process of Jest. */
async function create({ port }) {
  const own = await port()
  const server = spawn(process.execPath, [resolve(__dirname, '../database/server.mjs'), String(own)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(server.stdout, 'data') // It is ready.
  console.log('database started')
  return { url: `http://127.0.0.1:${own}` }
}

/** Runs once, when the run is over. All it knows is what `create` returned. */
async function destroy({ url }) {
  await fetch(`${url}/stop`)
  console.log('database stopped')
}

module.exports = { create, destroy }
