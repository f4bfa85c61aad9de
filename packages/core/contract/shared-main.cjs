// The main process of a run whose workers share something.
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const { RunFixtures } = require('@heddle/core/run-fixtures')
const { note } = require('./shared-resource.cjs')

const { workers, ...task } = JSON.parse(process.argv[2])
const options = { keepTempDirs: 'never', envGuard: 'off', prefix: false, ports: [30_000, 30_100] }
const print = (line) => note('printed', line)
const run = new RunFixtures({ root: __dirname, runId: `run-${process.pid}`, options, print })

async function main() {
  run.begin()
  const input = JSON.stringify({ ...task, settings: run.settings })
  const children = Array.from({ length: workers }, () =>
    spawn(process.execPath, [require.resolve('./shared-worker.cjs'), input], { stdio: 'inherit' }),
  )
  for (const child of children) note('worker', child.pid)
  await Promise.all(children.map(async (child) => once(child, 'exit')))
  await run.close({ hasFailed: false })
  run.closeNow()
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
