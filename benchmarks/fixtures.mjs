import { mkdtempSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WorkerFixtures } from '@heddle/core/fixtures'
import { threadLeases } from '@heddle/core/leases'
import getPort from 'get-port'
import { quantile } from './locks/sections.mjs'
import { createRandom } from './lib/random.mjs'
import { printTable, timedTarget } from './lib/report.mjs'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 500)
const WARM_UP = 20

/** What each fixture costs a test, beside other ways to the same thing: all in turn, so that the ratios hold. */
export async function run() {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-fixtures-'))
  const { dir: tmpDir } = await loadTmpPromise()
  try {
    const { test, close } = openWorker(directory)
    const others = [
      ['get-port', async () => [await getPort()]],
      ['get-port, 10 times', () => Promise.all(Array.from({ length: 10 }, () => getPort()))],
      ['tmp-promise', () => tmpDir({ unsafeCleanup: true }), ({ cleanup }) => cleanup()],
      ['mkdtemp and rm', () => mkdtemp(join(directory, 'm-')), (made) => rm(made, { recursive: true })],
      ['listen and close by hand', listenByHand, (server) => new Promise((resolve) => server.close(resolve))],
    ].map(([name, take, give = () => undefined]) => [name, { take, give }])
    const times = await measure(new Map([...FIXTURES.map(([name, take]) => [name, test(take)]), ...others]))
    await close()
    print(times)
    return targetsOf(times)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** In a test each, and what is nearest to it without heddle. */
const FIXTURES = [
  ['port()', (fixtures) => fixtures.port(), 'get-port'],
  ['ports(10)', (fixtures) => fixtures.ports(10), 'get-port, 10 times'],
  ['portBlock(10)', (fixtures) => fixtures.portBlock(10), 'get-port, 10 times'],
  ['listen(server)', (fixtures) => fixtures.listen(createServer()), 'listen and close by hand'],
  ['tempDir()', (fixtures) => fixtures.tempDir(), 'mkdtemp and rm'],
  ['tempDir()', (fixtures) => fixtures.tempDir(), 'tmp-promise'],
  ['socketPath()', (fixtures) => fixtures.socketPath()],
  ['namespace()', async (fixtures) => fixtures.namespace('orders')],
  ['env({ … })', async (fixtures) => fixtures.env({ A: '1', B: undefined })],
]

/** A worker with one file, as adapters open them; leases and directories are those of a real run. */
function openWorker(directory) {
  const lockDir = join(directory, 'locks')
  const leases = threadLeases({ root: directory, runId: 'bench' }, { HEDDLE_LOCK_DIR: lockDir })
  const settings = {
    dir: join(directory, 'heddle-bench', 'r-0123456789'),
    lockDir,
    runId: 'bench',
    root: directory,
    mainPid: process.pid,
    keepTempDirs: 'never',
    envGuard: 'off',
    prefix: false,
    ports: [20_000, 29_999],
  }
  const worker = new WorkerFixtures({
    settings,
    workerId: 'bench123',
    slot: () => 1,
    leases: () => leases,
    print: (line) => console.error(line),
    env: () => process.env,
    console: () => console,
  })
  let current
  const file = worker.openFile({ file: 'orders.test.ts', currentTest: () => current, labelOf: () => 'a test' })
  const test = (take) => ({
    async take() {
      current = {}
      file.beginTest(current)
      return take(file.functions)
    },
    give: () => file.endTest(current, { hasFailed: false }),
  })
  const close = async () => {
    current = undefined
    await file.close({ hasFailed: false })
    await worker.close()
  }
  return { test, close }
}

/** @returns by name, how long it took to get each, and to give it back, and the processor time of both, ms */
async function measure(kinds) {
  const times = new Map(Array.from(kinds.keys(), (name) => [name, { take: [], give: [], processor: [] }]))
  // What one leaves to be done falls to the next.
  const { shuffle } = createRandom(1)
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [name, { take, give }] of shuffle([...kinds])) {
      const used = process.cpuUsage()
      const startedAt = performance.now()
      const made = await take()
      const madeAt = performance.now()
      await give(made)
      const endedAt = performance.now()
      const { user, system } = process.cpuUsage(used)
      if (round < 0) continue
      times.get(name).take.push(madeAt - startedAt)
      times.get(name).give.push(endedAt - madeAt)
      times.get(name).processor.push((user + system) / 1e3)
    }
  }
  return times
}

function print(times) {
  console.log(`Per call and to give it back at the end of its test, ms, ${ROUNDS} times each in turn\n`)
  printTable(
    ['', 'median', 'p99', 'given back, median', 'p99', 'processor, median'],
    Array.from(times, ([name, { take, give, processor }]) => [
      name,
      quantile(take, 0.5),
      quantile(take, 0.99),
      quantile(give, 0.5),
      quantile(give, 0.99),
      quantile(processor, 0.5),
    ]),
  )
  console.log('Both together, median, and how many times that of the way beside it\n')
  printTable(
    ['heddle', 'ms', 'beside it', 'ms', 'ratio'],
    FIXTURES.filter(([, , beside]) => beside !== undefined).map(([name, , beside]) => [
      name,
      medianOf(times, name),
      beside,
      medianOf(times, beside),
      medianOf(times, name) / medianOf(times, beside),
    ]),
  )
}

function medianOf(times, name) {
  const { take, give } = times.get(name)
  return quantile(
    take.map((ms, i) => ms + give[i]),
    0.5,
  )
}

function targetsOf(times) {
  return [
    ...['port()', 'listen(server)', 'tempDir()'].map((name) =>
      timedTarget(`${name}, median, ms`, medianOf(times, name), 1),
    ),
    ...['namespace()', 'env({ … })'].map((name) => timedTarget(`${name}, median, ms`, medianOf(times, name), 0.1)),
  ]
}

function listenByHand() {
  const server = createServer()
  return new Promise((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, () => resolve(server)))
}

async function loadTmpPromise() {
  const { default: tmp } = await import('tmp-promise')
  return tmp
}
