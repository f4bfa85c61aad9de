// A worker of the fixture tests: runs test files that ask for directories and sockets, and writes into one shared log what
// it has and for how long. Whoever finds its own gone says so.
const fs = require('node:fs')
const { createServer } = require('node:net')
const { setTimeout: sleep } = require('node:timers/promises')
const { newWorkerId, WorkerFixtures } = require('@heddle/core/fixtures')
const { threadLeases } = require('@heddle/core/leases')

const { settings, log, files, tests, each, isWild } = JSON.parse(process.argv[2])

const fd = fs.openSync(log, 'a')
/** One write(2) per line, appended: the order of the lines is an order of the events. */
const say = (event, what) => fs.writeSync(fd, `${event} ${what}\n`)

const random = (n) => Math.floor(Math.random() * n)

const worker = new WorkerFixtures({
  settings,
  workerId: newWorkerId(),
  slot: () => 1,
  leases: () => threadLeases({ root: settings.root }),
  print: (line) => say('printed', line),
  env: () => process.env,
  console: () => console,
})

let current

/** Asks for so many of each, uses them, and says so. */
async function use(file, count) {
  const keep = isWild ? ['never', 'on-failure', 'always'][random(3)] : undefined
  const dirs = await Promise.all(Array.from({ length: count }, () => file.functions.tempDir({ keep })))
  const sockets = await Promise.all(Array.from({ length: count }, () => file.functions.socketPath()))
  const all = [...dirs, ...sockets]
  for (const path of all) say('begin', path)
  for (const dir of dirs) fill(dir)
  const server = await listenAt(sockets[0])
  if (isWild) await sleep(random(8))
  for (const path of [...dirs, sockets[0]]) if (!fs.existsSync(path)) say('lost', path)
  await new Promise((resolve) => server.close(resolve))
  return () => all.forEach((path) => say('end', path))
}

function fill(dir) {
  if (fs.readdirSync(dir).length > 0) say('found', dir)
  fs.mkdirSync(`${dir}/a/b`, { recursive: true })
  fs.writeFileSync(`${dir}/a/b/file`, '', { mode: 0o400 })
  fs.chmodSync(`${dir}/a/b`, 0o500)
  fs.chmodSync(`${dir}/a`, 0o500)
}

async function listenAt(path) {
  const server = createServer()
  await new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return server
}

function sayKept({ kept }) {
  for (const dir of kept) say('kept', dir)
}

async function runFile(name) {
  const file = worker.openFile({ file: name, currentTest: () => current, labelOf: (test) => test.name })
  current = undefined
  await file.beforeTests()
  for (let i = 0; i < tests; i++) {
    current = { name: `test ${i}` }
    file.beginTest(current)
    const end = await use(file, each)
    end()
    sayKept(await file.endTest(current, { hasFailed: isWild && random(3) === 0 }))
  }
  current = undefined
  sayKept(await file.close({ hasFailed: false }))
}

async function main() {
  for (let i = 0; i < files; i++) await runFile(`file-${i}.test.js`)
  await worker.close()
}

main().catch((error) => {
  say('failed', error.stack.replaceAll('\n', ' '))
  process.exitCode = 1
})
