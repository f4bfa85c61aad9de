import { createRandom } from './lib/random.mjs'
import { printTable, target } from './lib/report.mjs'
import { boundOf, expectationsOf, makespanOn, mean, noisyHistory, slowestFirst } from './lib/simulate.mjs'
import { readTraces } from './lib/traces.mjs'

const WORKERS = [2, 4, 8, 16]
const RANDOM_ORDERS = 50
const NOISY_HISTORIES = 50

/** How close slowest first comes to the bound that no order beats, against what hosts do without it. */
export function run() {
  const results = readTraces().flatMap((trace) => WORKERS.map((workers) => compareOrders(trace, workers)))
  console.log('Makespan / lower bound. "noisy": planned from 5 runs, each 0.5-3 times slower, each file ±20 %.\n')
  printTable(
    ['trace', 'workers', 'bound s', 'set by', 'heddle', 'heddle, noisy', 'size', 'random'],
    results.map((r) => [r.trace, r.workers, r.boundS, r.setBy, r.exact, r.noisy, r.size, r.random]),
  )
  const free = results.filter((r) => r.setBy === 'work')
  return [
    target('heddle, worst where the work sets the bound', Math.max(...free.map((r) => r.exact)), 1.02),
    target('heddle with a noisy history, the same', Math.max(...free.map((r) => r.noisy)), 1.05),
    target('heddle, worst of all', Math.max(...results.map((r) => r.exact)), 4 / 3),
  ]
}

function compareOrders({ name, keys, durations, sizes }, workers) {
  const random = createRandom(workers)
  const bound = boundOf(durations, workers)
  const ratio = (order) => makespanOn(order, durations, workers) / bound.ms
  const many = (count, order) => mean(Array.from({ length: count }, () => ratio(order())))
  return {
    trace: name,
    workers,
    boundS: bound.ms / 1000,
    setBy: bound.key === undefined ? 'work' : 'one file',
    exact: ratio(slowestFirst(durations, workers)),
    noisy: many(NOISY_HISTORIES, () => slowestFirst(expectationsOf(noisyHistory(durations, random)), workers)),
    size: ratio(slowestFirst(sizes, workers)),
    random: many(RANDOM_ORDERS, () => random.shuffle(keys)),
  }
}
