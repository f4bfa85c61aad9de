// The main process of the fixture tests: begins a run, lets workers run test files, and ends the run.
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { setTimeout: sleep } = require('node:timers/promises')
const { RunFixtures } = require('@heddle/core/run-fixtures')

const { root, workers, minMs = 0, ...work } = JSON.parse(process.argv[2])

async function main() {
  const startedAt = performance.now()
  const options = { keepTempDirs: 'never', envGuard: 'off', prefix: false, ports: [20_000, 29_999] }
  const print = (line) => console.log(line)
  const run = new RunFixtures({ root, runId: 'one pipeline', options, print })
  run.begin()
  const input = JSON.stringify({ ...work, settings: run.settings })
  const children = Array.from({ length: workers }, () =>
    spawn(process.execPath, [`${__dirname}/fixture-worker.cjs`, input], { stdio: 'inherit' }),
  )
  // So that whoever tests can end all of them.
  console.log(`pids ${children.map(({ pid }) => pid).join(' ')}`)
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))
  await sleep(minMs - (performance.now() - startedAt))
  await run.close({ hasFailed: false })
  if (codes.some((code) => code !== 0)) process.exitCode = 1
}

void main()
