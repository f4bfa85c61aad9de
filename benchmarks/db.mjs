import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { postgres } from '@heddle/db/postgres'
import { DbRun } from './lib/db-run.mjs'
import { OtherWays } from './lib/db-others.mjs'
import { writeMigrations } from './lib/db-schema.mjs'
import { openTuned, removeServers, untuned } from './lib/db-servers.mjs'
import { createRandom } from './lib/random.mjs'
import { printTable, timedTarget } from './lib/report.mjs'
import { quantile } from './locks/sections.mjs'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 100)
const SLOW_ROUNDS = Math.ceil(ROUNDS / 5)
const WARM_UP = 5
const PASSES = 4
/** Below the repository, so that its embedded PostgreSQL is found. */
const HERE = fileURLToPath(new URL('.', import.meta.url))
/** A test that waits for something else as well: while it does the next clone is made. */
const WAITING_MS = 60

/** What a clean database costs a test and a worker, beside other ways to it; all on one server, then on the other. */
export async function run() {
  const root = mkdtempSync(join(HERE, '.db-'))
  writeMigrations(root)
  try {
    const ofStart = await measureStart(root)
    const targets = startTargets(ofStart)
    const tuned = await openTuned(root)
    try {
      targets.push(...targetsOf(await measureServer(tuned, root), 'tuned'))
    } finally {
      await tuned.close()
    }
    targets.push(...targetsOf(await measureServer(untuned(), root), 'untuned'))
    return targets
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** Without any server, ms from the begin of a run to the first line of its first test. */
async function measureStart(root) {
  const times = { first: [], later: [] }
  const cache = process.env.HEDDLE_CACHE_DIR
  for (let round = 0; round < Math.min(5, SLOW_ROUNDS); round++) {
    const home = mkdtempSync(join(tmpdir(), 'heddle-bench-cache-'))
    process.env.HEDDLE_CACHE_DIR = home
    for (const kind of ['first', 'later', 'later']) times[kind].push(await startOnce(root))
    await removeServers(root, home)
  }
  if (cache === undefined) delete process.env.HEDDLE_CACHE_DIR
  else process.env.HEDDLE_CACHE_DIR = cache
  console.log('No server: ms from the begin of a run to its first test, without the start of the host\n')
  printTable(
    ['', 'median', 'longest'],
    [
      ['first run: initdb, start, migrations', quantile(times.first, 0.5), Math.max(...times.first)],
      ['later runs', quantile(times.later, 0.5), Math.max(...times.later)],
    ],
  )
  return times
}

async function startOnce(root) {
  const dbRun = new DbRun(root, { main: postgres({ migrations: 'migrations/*.sql' }) })
  await dbRun.begin()
  try {
    const startedAt = performance.now()
    const { body, end } = await dbRun.test('main')
    return performance.now() - startedAt - body - end
  } finally {
    await dbRun.close()
  }
}

/** @returns times by name, ms */
async function measureServer({ url, words }, root) {
  const others = new OtherWays(url)
  await others.open()
  const options = { url, migrations: 'migrations/*.sql' }
  const resources = ['reset', 'clone', 'rollback'].map((perTest) => [
    perTest,
    postgres({ ...options, perTest, files: `${perTest}.test.ts`, env: `URL_${perTest}` }),
  ])
  const dbRun = new DbRun(root, Object.fromEntries(resources))
  await dbRun.begin()
  try {
    const times = await measureAll(dbRun, others)
    printTimes(words, times)
    return times
  } finally {
    await dbRun.close()
    await others.close()
  }
}

async function measureAll(dbRun, others) {
  const kinds = [
    ['reset', async () => (await dbRun.test('reset')).begin],
    ['rollback', async () => sumOf(await dbRun.test('rollback'))],
    ['truncate', () => others.truncate()],
    ['clone and drop', () => others.cloneAndDrop(), SLOW_ROUNDS],
    ['prepared pool, connecting', async () => (await others.takeFromPool()).connect, SLOW_ROUNDS],
    ['whole test, prepared pool', async () => (await others.takeFromPool()).whole, SLOW_ROUNDS],
    ['whole test, reset', async () => wholeOf(await dbRun.test('reset'))],
    ['clone, prefetched', async () => (await dbRun.test('clone', WAITING_MS)).begin, SLOW_ROUNDS],
    ['migrate a worker’s', () => others.migrate(), SLOW_ROUNDS],
    ['clone a worker’s', () => others.clone(), SLOW_ROUNDS],
  ]
  const times = new Map(kinds.map(([name]) => [name, []]))
  const { shuffle } = createRandom(1)
  // One after the other, and that several times: what a dear one leaves the server to do is not charged to a cheap one.
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [name, measure, rounds = ROUNDS] of shuffle([...kinds])) {
      for (let round = 0; round < WARM_UP; round++) await measure()
      for (let round = 0; round < rounds / PASSES; round++) times.get(name).push(await measure())
    }
  }
  return times
}

function sumOf({ begin, end }) {
  return begin + end
}

function wholeOf({ begin, body, end }) {
  return begin + body + end
}

function printTimes(words, times) {
  console.log(`${words}, ms, ${ROUNDS} rounds (dear ones ${SLOW_ROUNDS}), in ${PASSES} passes\n`)
  printTable(
    ['', 'median', 'p95', 'longest'],
    Array.from(times, ([name, all]) => [name, quantile(all, 0.5), quantile(all, 0.95), Math.max(...all)]),
  )
}

function targetsOf(times, where) {
  const medianOf = (name) => quantile(times.get(name), 0.5)
  const ratio = (name, other, limit) =>
    timedTarget(`${where}: ${name} / ${other}, medians`, medianOf(name) / medianOf(other), limit)
  return [
    timedTarget(`${where}: reset, p50, ms`, medianOf('reset'), 4),
    timedTarget(`${where}: reset, p95, ms`, quantile(times.get('reset'), 0.95), 10),
    ratio('reset', 'truncate', 1 / 15),
    ratio('reset', 'clone and drop', 1 / 10),
    ratio('reset', 'prepared pool, connecting', 1 / 3),
    ...(where === 'tuned' ? [ratio('clone a worker’s', 'migrate a worker’s', 1 / 10)] : []),
    timedTarget(`${where}: wait for a prefetched clone, p50, ms`, medianOf('clone, prefetched'), 1),
  ]
}

function startTargets({ first, later }) {
  return [
    timedTarget('no server: first run to its first test, ms', quantile(first, 0.5), 2500),
    timedTarget('no server: later runs to their first test, ms', quantile(later, 0.5), 300),
  ]
}
