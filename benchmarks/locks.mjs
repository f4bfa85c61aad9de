import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printTable, target, timedTarget } from './lib/report.mjs'
import { isInstalled } from './locks/kinds.mjs'
import { createMeasure, WAIT_MS, WAITERS, WAYS_TO_END } from './locks/measure.mjs'
import { compileFlock, nodeCommand } from './locks/processes.mjs'
import { quantile } from './locks/sections.mjs'

const HEDDLE = 'heddle'
const TUNED = 'proper-lockfile, tuned'
const DEFAULTS = 'proper-lockfile'
const FLOCK = 'flock(2) in C'
const ON_PAPER = 'serial_test 4 (computed)'

/** Waiters of a hand-off, and how often each process comes, so that there are about 150 to 200 of each. */
const QUEUES = [
  [2, 60],
  [8, 22],
  [32, 8],
]
/** Of locks that wait for seconds, so many at the same time. */
const SLOW_QUEUES = [1, 2, 3, 4]
const RECOVERIES = 10

/** What heddle's locks cost, beside other locks between processes: all in one run, so that the ratios hold. */
export async function run() {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-locks-'))
  try {
    const locks = openLocks(directory)
    const results = [
      await measureAlone(locks),
      await measureHandOff(locks),
      await measureThroughput(locks),
      await measureWaiting(locks),
      await measureRecovery(locks),
    ]
    return results.flat()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function openLocks(directory) {
  const flock = compileFlock(directory)
  if (flock === undefined) console.log('not measured: flock(2), there is no C compiler that knows it\n')
  const kinds = [HEDDLE, TUNED, DEFAULTS].filter(isInstalled)
  if (kinds.length === 1) console.log('not measured: proper-lockfile is not installed\n')
  const commands = [...kinds.map((kind) => [kind, nodeCommand(kind)]), ...(flock === undefined ? [] : [[FLOCK, flock]])]
  return new Map(commands.map(([kind, command]) => [kind, createMeasure(directory, command)]))
}

async function measureAlone(locks) {
  const spans = await forEach(locks, ({ alone }) => alone(2000))
  const own = quantile(spans.get(HEDDLE), 0.5)
  console.log(`Take and give, nobody else there: µs\n`)
  printTable(
    ['lock', 'median', 'p99', 'median / heddle'],
    Array.from(spans, ([kind, all]) => [
      kind,
      us(quantile(all, 0.5)),
      us(quantile(all, 0.99)),
      ratio(quantile(all, 0.5) / own),
    ]),
  )
  return [timedTarget('take + give, median, µs', own / 1e3, 100)]
}

async function measureHandOff(locks) {
  const rows = await forEach(locks, async ({ handOff }, kind) => {
    // Its waits double each time: 1 s, 2 s, 4 s, …
    if (kind === DEFAULTS) return [merge(await Promise.all(SLOW_QUEUES.map(() => handOff(2, 1, 50))))]
    const results = []
    for (const [waiters, count] of QUEUES) results.push(await handOff(waiters, count))
    return results
  })
  const own = rows.get(HEDDLE)
  const medians = own.map(({ spans }) => quantile(spans, 0.5))
  const columns = QUEUES.map(([waiters]) => `${waiters} waiters`)
  console.log('Hand-off, from the end of a section to the begin of the next: median (p99), ms; median / heddle’s\n')
  printTable(
    ['lock', ...columns, '/ heddle', 'order broken', 'longest / median wait of 9'],
    [
      ...Array.from(rows, ([kind, results]) => [
        kind,
        ...columns.map((_, i) => medianAndTail(results[i]?.spans, 0.99)),
        results.map(({ spans }, i) => ratio(quantile(spans, 0.5) / medians[i])).join(', '),
        kind === FLOCK ? '–' : `${sum(results.map(({ inversions }) => inversions))}`,
        results[1] === undefined ? '–' : ratio(longestToMedian(results[1])),
      ]),
      // It looks every 50 ms whether the parallel tests before it have ended.
      [ON_PAPER, ...columns.map(() => '25 (50)'), medians.map((median) => ratio(25e6 / median)).join(', '), '–', '–'],
    ],
  )
  const defaults = rows.get(DEFAULTS)?.[0].spans
  return [
    timedTarget('hand-off with 8 waiters, median, ms', medians[1] / 1e6, 0.5),
    timedTarget('hand-off with 32 waiters, median, ms', medians[2] / 1e6, 1),
    timedTarget('longest wait / median wait of 9 equals', longestToMedian(own[1]), 2.5),
    ...(defaults === undefined || defaults.length === 0
      ? []
      : [
          timedTarget(
            "hand-off with 2 waiters, % of proper-lockfile's",
            (100 * medians[0]) / quantile(defaults, 0.5),
            2,
          ),
        ]),
    ...soundness('hand-offs', own),
  ]
}

async function measureThroughput(locks) {
  const processes = 8
  const count = 200
  // By its defaults proper-lockfile would wait for minutes.
  const quick = new Map([...locks].filter(([kind]) => kind !== DEFAULTS))
  const results = await forEach(quick, ({ queue }) => queue(processes, { count, holdMs: 0, pauseMs: 0 }))
  const own = results.get(HEDDLE)
  console.log(`${processes} processes, ${count} sections each, nothing in them\n`)
  printTable(
    ['lock', 'sections/s', '/ heddle', 'order broken', 'longest / median wait'],
    Array.from(results, ([kind, result]) => [
      kind,
      `${Math.round(result.perSecond)}`,
      ratio(result.perSecond / own.perSecond),
      kind === FLOCK ? '–' : `${result.inversions}`,
      ratio(longestToMedian(result)),
    ]),
  )
  return soundness('tiny sections', [own])
}

async function measureWaiting(locks) {
  const shares = await forEach(locks, ({ waiting }) => waiting())
  const average = (values) => sum(values) / values.length
  console.log(`Processor time of ${WAITERS} processes that wait for ${WAIT_MS / 1000} s, % of one core each\n`)
  printTable(
    ['lock', 'mean', 'most'],
    Array.from(shares, ([kind, all]) => [kind, percent(average(all)), percent(Math.max(...all))]),
  )
  return [timedTarget('waiting, % of one core, mean', 100 * average(shares.get(HEDDLE)), 1)]
}

async function measureRecovery(locks) {
  const slowRepeats = { [TUNED]: 3, [DEFAULTS]: 1 }
  const rows = new Map()
  const measureWays = async (kind, runAll, repeats) => {
    const { recovery } = locks.get(kind)
    const ways = WAYS_TO_END.filter((way) => kind !== FLOCK || way !== 'terminate()')
    rows.set(kind, await runAll(ways, (way) => recovery(way, repeats)))
  }
  const [slow, quick] = [true, false].map((isSlow) =>
    [...locks.keys()].filter((kind) => kind in slowRepeats === isSlow),
  )
  for (const kind of quick) await measureWays(kind, inTurn, RECOVERIES)
  // Those that wait for seconds do so side by side.
  await Promise.all(slow.map((kind) => measureWays(kind, atOnce, slowRepeats[kind])))
  console.log('From the end of a holder to the begin of the next, median (max), ms\n')
  printTable(
    ['lock', ...WAYS_TO_END, 'times'],
    Array.from(locks.keys(), (kind) => [
      kind,
      ...WAYS_TO_END.map((_, i) => medianAndTail(rows.get(kind)[i], 1)),
      `${slowRepeats[kind] ?? RECOVERIES}`,
    ]),
  )
  return WAYS_TO_END.map((way, i) =>
    timedTarget(`recovery after ${way}, median, ms`, quantile(rows.get(HEDDLE)[i], 0.5) / 1e6, 100),
  )
}

/** What no machine, however busy, may spoil. */
function soundness(where, results) {
  return [
    target(`order broken, ${where}`, sum(results.map(({ inversions }) => inversions)), 0),
    target(`two holders at once, ${where}`, sum(results.map(({ overlaps }) => overlaps)), 0),
  ]
}

function merge(results) {
  return {
    spans: results.flatMap(({ spans }) => spans),
    inversions: sum(results.map(({ inversions }) => inversions)),
  }
}

async function forEach(locks, measure) {
  const results = new Map()
  for (const [kind, lock] of locks) results.set(kind, await measure(lock, kind))
  return results
}

async function inTurn(items, action) {
  const results = []
  for (const item of items) results.push(await action(item))
  return results
}

function atOnce(items, action) {
  return Promise.all(items.map(action))
}

function longestToMedian({ waits }) {
  return Math.max(...waits) / quantile(waits, 0.5)
}

function medianAndTail(spans, tail) {
  if (spans === undefined || spans.length === 0) return '–'
  return `${ms(quantile(spans, 0.5))} (${ms(quantile(spans, tail))})`
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}

function us(ns) {
  return (ns / 1e3).toFixed(1)
}

/** Three digits that count. */
function ms(ns) {
  return String(Number((ns / 1e6).toPrecision(3)))
}

function ratio(value) {
  return Number.isFinite(value) ? `${Number(value.toPrecision(2))}×` : '–'
}

function percent(share) {
  return (100 * share).toFixed(2)
}
