// The main process of the resource tests: its workers run test files, each in a process of its own, of which some are killed.
const fs = require('node:fs')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { join } = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { RunFixtures } = require('@heddle/core/run-fixtures')
const { createStore } = require('./resource-store.cjs')

const { root, store, log, workers, files, perTest, createMs = 0, killMs, ...work } = JSON.parse(process.argv[2])

const fd = fs.openSync(log, 'a')
/** One write(2) per line, appended: the order of the lines is an order of the events. */
const say = (event, what) => fs.writeSync(fd, `${event} ${what}\n`)

const toy = createStore({ store, say, perTest, createMs })
const options = { keepTempDirs: 'never', envGuard: 'off', prefix: false, ports: [20_000, 29_999], resources: { toy } }
const run = new RunFixtures({ root, runId: 'one pipeline', options, print: (line) => say('printed', line) })

/** As a host does it: the next file of a slot gets a new process. */
async function runSlot(slot, names) {
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const input = JSON.stringify({ ...work, log, slot, settings: run.settings, file: name, path: join(root, name) })
    const stdio = ['inherit', 'inherit', 'inherit', 'ipc']
    const child = spawn(process.execPath, [`${__dirname}/resource-worker.cjs`, input], { stdio })
    say('pid', child.pid)
    const exit = once(child, 'exit')
    if (killMs !== undefined) void killSoon(child)
    const [code, signal] = await exit
    if (signal !== null) say('killed', name)
    else if (code !== 0) process.exitCode = 1
  }
}

/** One of three at any moment, also before it has anything; the others while they test. */
async function killSoon(child) {
  if (Math.random() > 0.3) await once(child, 'message')
  await sleep(Math.random() * killMs)
  child.kill('SIGKILL')
}

async function main() {
  const names = Array.from({ length: files }, (_, i) => `file-${i}.test.js`)
  run.begin({ workers, files: names.map((name) => join(root, name)) })
  await Promise.all(Array.from({ length: workers }, (_, i) => runSlot(i + 1, names)))
  await run.close({ hasFailed: false })
}

void main()
