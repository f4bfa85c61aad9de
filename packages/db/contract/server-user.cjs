// A run that uses a server of our own: opens it, tells what it got, and closes it when its input ends.
const { surroundingsIn } = require('./surroundings.cjs')
const { openOwnServer } = require('../dist/postgres/server/open-server.js')

const { dir, root, server = 'embedded' } = JSON.parse(process.argv[2])

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)

async function main() {
  const opened = await openOwnServer(surroundingsIn(dir, root, console.error), server)
  console.log(`url ${opened?.url}`)
  process.stdin.resume()
  await new Promise((resolve) => process.stdin.on('end', resolve))
  await opened?.close()
}
