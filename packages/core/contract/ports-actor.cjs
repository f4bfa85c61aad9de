// One worker of the port stress: takes ports in all ways, listens on each of them, and says in the log what it has.
const { createSocket } = require('node:dgram')
const { createServer } = require('node:net')
const { once } = require('node:events')
const { setTimeout: sleep } = require('node:timers/promises')
const { WorkerFixtures } = require('@heddle/core/fixtures')
const { threadLeases } = require('@heddle/core/leases')
const { openLog } = require('./lease-participant.cjs')
const { chance } = require('./lease-random.cjs')

const { actor, runId, slot, seed, log, range, count } = JSON.parse(process.argv[2])
const random = chance(seed)
const note = openLog(log)
const leases = threadLeases({ root: __dirname, runId })

const worker = new WorkerFixtures({
  settings: {
    dir: '/nowhere',
    lockDir: process.env.HEDDLE_LOCK_DIR,
    root: __dirname,
    runId,
    ports: range,
    envGuard: 'off',
  },
  workerId: actor,
  slot: () => slot,
  leases: () => leases,
  print: (line) => note('printed', actor, line.slice(0, 60).replaceAll(' ', '_')),
  env: () => process.env,
  console: () => console,
})
let test
const file = worker.openFile({ file: 'stress.test.ts', currentTest: () => test, labelOf: ({ name }) => name })
const fixtures = file.functions

/** @returns the ports of a test, as `tcp:20001` */
async function take() {
  const kind = random()
  if (kind < 0.2) return (await fixtures.ports(4, { protocol: 'udp' })).map((one) => `udp:${one}`)
  if (kind < 0.5) return (await fixtures.portBlock(10)).map((one) => `tcp:${one}`)
  if (kind < 0.8) return (await fixtures.ports(10)).map((one) => `tcp:${one}`)
  return (await Promise.all([fixtures.port(), fixtures.port(), fixtures.port()])).map((one) => `tcp:${one}`)
}

async function listenAt(name) {
  const [protocol, port] = name.split(':')
  const socket = protocol === 'udp' ? createSocket('udp6') : createServer()
  if (protocol === 'udp') socket.bind({ port: Number(port), address: '::', exclusive: true })
  else socket.listen({ port: Number(port), host: '::', exclusive: true })
  await once(socket, 'listening')
  return () => new Promise((resolve) => socket.close(resolve))
}

async function runTest(number) {
  test = { name: `test ${number}` }
  file.beginTest(test)
  const names = await take()
  for (const name of names) note('begin', actor, name)
  const closes = await Promise.all(names.map(listenAt))
  await sleep(random() * 5)
  await Promise.all(closes.map((close) => close()))
  for (const name of names) note('end', actor, name)
  await file.endTest(test, { hasFailed: false })
  return names.length
}

async function main() {
  for (let had = 0, number = 0; had < count; number++) had += await runTest(number)
  test = undefined
  await file.close({ hasFailed: false })
  await worker.close()
  note('done', actor)
}

main().catch((error) => {
  process.stderr.write(`${actor}: ${error?.stack}\n`)
  process.exit(1)
})
