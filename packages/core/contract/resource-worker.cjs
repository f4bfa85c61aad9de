// A worker of the resource tests: runs one test file, and writes into a shared log what it has and for how long. Whoever finds
// what somebody else has written says so.
const fs = require('node:fs')
const { join } = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { newWorkerId, WorkerResources } = require('@heddle/core/fixtures')

const { settings, log, slot, file: name, path, tests, testMs = 0, times = 0, leaves } = JSON.parse(process.argv[2])

const fd = fs.openSync(log, 'a')
const say = (event, what) => fs.writeSync(fd, `${event} ${what}\n`)

const print = (line) => say('printed', line)
const worker = new WorkerResources({ settings, workerId: newWorkerId(), slot: () => slot, print })

async function runTest(file, number) {
  const test = {}
  const startedAt = performance.now()
  await file.beginTest(test, `test ${number}`)
  say('waited', Math.round(performance.now() - startedAt))
  const { dir, count } = file.handleOf('toy', test)
  say('begin', dir)
  if (number === 0) process.send('testing')
  const found = await count()
  if (found > 0) say('found', `${found} in ${dir}`)
  for (let i = 0; i < 3; i++) fs.writeFileSync(join(dir, `${i}`), name)
  await sleep(testMs)
  if (fs.readdirSync(dir).length !== 3) say('lost', dir)
  say('end', dir)
  const { failures } = await file.endTest(test, { test: `test ${number}`, hasFailed: false })
  if (failures.length > 0) say('failed', failures[0].message.replaceAll('\n', ' '))
}

/** How long it takes to ask for nothing, and to begin and end a test. */
async function measure(file) {
  const { echo } = file.handleOf('toy', undefined)
  say('call', await medianOf(() => echo(1)))
  say(
    'test',
    await medianOf(async () => {
      const test = {}
      await file.beginTest(test, 'a test')
      await file.endTest(test, { test: 'a test', hasFailed: false })
    }),
  )
}

async function medianOf(act) {
  const all = []
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now()
    await act()
    all.push(performance.now() - startedAt)
  }
  return all.sort((a, b) => a - b)[Math.floor(times / 2)].toFixed(3)
}

async function main() {
  const file = await worker.openFile({ file: name, path })
  if (times > 0) await measure(file)
  for (let i = 0; i < tests; i++) await runTest(file, i)
  if (leaves) {
    // Without a word: then it is the connection that must not keep the process alive.
    process.disconnect()
    return
  }
  await file.close()
  await worker.close()
}

main().catch((error) => {
  say('failed', error.message.replaceAll('\n', ' '))
  process.exitCode = 1
})
