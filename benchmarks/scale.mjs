import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, writeRecord } from '@heddle/core'
import { createRandom } from './lib/random.mjs'
import { printTable, target } from './lib/report.mjs'
import { measure, recordOf } from './lib/simulate.mjs'

const FILES = 100_000
const RUNS = 20
const REPEATS = 5
const CHILD = fileURLToPath(new URL('lib/scale-child.mjs', import.meta.url))

/** What a huge repository pays before its first test: time and memory to load the history and to plan from it. */
export function run() {
  const histories = [
    { name: 'same files in every run', isChanging: false },
    { name: 'some files new in every run', isChanging: true },
  ].map(({ name, isChanging }) => ({ name, ...measureHistory(isChanging) }))
  console.log(`${FILES} files, ${RUNS} runs; median [fastest … slowest] of ${REPEATS} processes, ms and MB\n`)
  const columns = ['load', 'estimate', 'order', 'shards', 'rss']
  printTable(
    ['history', 'on disk', ...columns],
    histories.map(({ name, onDisk, samples }) => [
      name,
      `${onDisk}`,
      ...columns.map((column) => describe(samples.map((sample) => Math.round(sample[column])))),
    ]),
  )
  return histories.flatMap(({ name, samples }) => [
    target(`${name}: load, ms`, Math.round(medianOf(samples, 'load')), 1000),
    target(
      `${name}: estimate and order, ms`,
      Math.round(medianOf(samples, 'estimate') + medianOf(samples, 'order')),
      1000,
    ),
  ])
}

function measureHistory(isChanging) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-scale-'))
  try {
    writeHistory(directory, isChanging)
    const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
    const samples = Array.from({ length: REPEATS }, () =>
      JSON.parse(execFileSync(process.execPath, [CHILD, directory], { encoding: 'utf8' })),
    )
    return { onDisk: Math.round(bytes / 1e6), samples }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function writeHistory(directory, isChanging) {
  const random = createRandom(1)
  const truth = Array.from({ length: FILES }, (_, i) => [keyOf(i), 300 * random.lognormal(1.2)])
  for (let number = 0; number < RUNS; number++) {
    const first = isChanging ? (RUNS - 1 - number) * 10 : 0
    const durations = measure(new Map(truth.slice(first)), { inflation: random.factor(0.5, 3), noise: 0.25, random })
    writeRecord(directory, recordOf(durations, { run: number }))
  }
}

function keyOf(i) {
  return `packages/package-${i % 200}/src/feature-${i % 1000}/component-${i}.test.ts`
}

function medianOf(samples, column) {
  return median(samples.map((sample) => sample[column]))
}

function describe(values) {
  return `${median(values)} [${Math.min(...values)} … ${Math.max(...values)}]`
}
