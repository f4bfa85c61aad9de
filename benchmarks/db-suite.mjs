import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openTuned, untuned } from './lib/db-servers.mjs'
import { createDbSuite, WAYS } from './lib/db-suite-files.mjs'
import { packPackages } from './lib/hosts.mjs'
import { measureProcess } from './lib/measure-process.mjs'
import { createRandom } from './lib/random.mjs'
import { printTable, timedTarget } from './lib/report.mjs'
import { quantile } from './locks/sections.mjs'

const FILES = Number(process.env.BENCH_FILES ?? 24)
const TESTS = 8
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Real suites on Vitest with packed packages: what a clean database for every test costs a whole run. */
export async function run() {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-db-suite-'))
  const root = mkdtempSync(join(HERE, '.db-'))
  try {
    install(directory)
    const targets = []
    const tuned = await openTuned(root)
    try {
      targets.push(...targetsOf(measureServer(directory, tuned), 'tuned'))
    } finally {
      await tuned.close()
    }
    targets.push(...targetsOf(measureServer(directory, untuned()), 'untuned'))
    return targets
  } finally {
    rmSync(root, { recursive: true, force: true })
    rmSync(directory, { recursive: true, force: true })
  }
}

function install(directory) {
  const tarballs = packPackages(directory, ['core', 'db', 'vitest'])
  writeFileSync(join(directory, 'package.json'), '{ "private": true }')
  const packages = [...tarballs, 'vitest@4.1.12', 'pg@8']
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: directory, stdio: 'ignore' })
}

/** @returns seconds by way and isolation */
function measureServer(directory, { url, words }) {
  process.env.SERVER_URL = url
  const vitest = join(directory, 'node_modules/vitest/vitest.mjs')
  const kinds = [true, false].flatMap((isolate) =>
    WAYS.map((way) => ({
      name: `${way.name}${isolate ? '' : ', no isolation'}`,
      suite: createDbSuite(directory, way, { isolate, files: FILES, tests: TESTS }),
      seconds: [],
    })),
  )
  const { shuffle } = createRandom(1)
  // The first one makes the template, and fills caches.
  for (let round = -1; round < ROUNDS; round++) {
    for (const { suite, seconds } of shuffle([...kinds])) {
      const { wall } = measureProcess(suite, [vitest, 'run'])
      if (round >= 0) seconds.push(wall / 1000)
    }
  }
  console.log(`${words}, ${FILES * TESTS} tests in ${FILES} files, seconds, ${ROUNDS} runs each in turn\n`)
  printTable(
    ['', 'median', 'shortest', 'longest'],
    kinds.map(({ name, seconds }) => [name, quantile(seconds, 0.5), Math.min(...seconds), Math.max(...seconds)]),
  )
  return new Map(kinds.map(({ name, seconds }) => [name, quantile(seconds, 0.5)]))
}

function targetsOf(times, where) {
  const [serial, heddle] = WAYS.map(({ name }) => name)
  const ratio = (more, limit) =>
    timedTarget(
      `${where}${more}: ${heddle} / ${serial}, medians`,
      times.get(heddle + more) / times.get(serial + more),
      limit,
    )
  return [ratio('', 1 / 3), ratio(', no isolation', 1 / 6)]
}
