// A worker whose files use something shared: as many "files" as it is told, one after the other.
const { setTimeout: sleep } = require('node:timers/promises')
const { WorkerFixtures } = require('@heddle/core/fixtures')
const { threadLeases } = require('@heddle/core/leases')
const { create, destroy, note } = require('./shared-resource.cjs')

const { settings, files, kind, scope, useMs = 10, key = 'thing', isEarly = false } = JSON.parse(process.argv[2])
const { root, runId } = settings
const leases = threadLeases({ root, runId })
const worker = new WorkerFixtures({
  settings,
  workerId: String(process.pid),
  slot: () => 1,
  leases: () => leases,
  print: (line) => note('printed', line),
  env: () => process.env,
  console: () => console,
})

const MODULE = require.resolve('./shared-resource.cjs')
const KINDS = {
  module: { create: MODULE },
  functions: { create, destroy },
  mixed: { create, destroy: MODULE },
}

async function runFile(number) {
  const file = worker.openFile({ file: `f${number}`, currentTest: () => undefined, labelOf: () => '' })
  const thing = file.functions.shared(key, { ...KINDS[kind], scope })
  if (isEarly) await file.beforeTests()
  try {
    const { id } = await thing
    note('uses', id)
    await sleep(useMs * (0.5 + Math.random()))
    note('used', id)
  } catch (error) {
    note(
      'threw',
      `${error.name}|${error.message}|${error.code}|${/shared-resource/.test(error.stack)}`
        .replaceAll(' ', '_')
        .split('\n')[0],
    )
  }
  await file.close({ hasFailed: false })
}

async function run() {
  for (let i = 0; i < files; i++) await runFile(i)
  await worker.close()
}

run().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
