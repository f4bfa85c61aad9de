import { median } from '@heddle/core'
import { createRandom } from './lib/random.mjs'
import { printTable, target } from './lib/report.mjs'
import { expectationsOf, makespanOn, mean, recordOf, slowestFirst } from './lib/simulate.mjs'
import { readTraces } from './lib/traces.mjs'
import { CONDITIONS } from './lib/conditions.mjs'

const RUNS = 8
const SEEDS = 20
const WORKERS = [4, 8]
/** Plans made after this many runs are held to the targets. */
const STABLE_AFTER = 2

/** How soon plans become good and stay so, when measurements are bad, against keeping the last run only. */
export function run() {
  return CONDITIONS.flatMap((condition) => {
    const histories = simulateAll(condition)
    console.log(`${condition.name}: ${condition.description}\n`)
    printTable(['after n runs', '', ...Array.from({ length: RUNS }, (_, i) => `${i + 1}`)], rowsOf(histories))
    return targetsOf(condition, histories)
  })
}

/** One history per trace, number of workers and seed: for every run the quality of the plan made after it. */
function simulateAll({ traces = readTraces(), runsBefore = 0, measureRun }) {
  return traces.flatMap((trace) =>
    WORKERS.flatMap((workers) =>
      Array.from({ length: SEEDS }, (_, seed) =>
        simulate({ trace, workers, runsBefore, measureRun, random: createRandom(seed) }),
      ),
    ),
  )
}

function simulate({ trace, workers, runsBefore, measureRun, random }) {
  const records = []
  const last = new Map()
  const plans = Array.from({ length: runsBefore + RUNS }, (_, i) => {
    const { measured, isCold, next = trace.durations } = measureRun({ trace, run: i - runsBefore, random })
    records.push(recordOf(measured, { run: i, isCold }))
    for (const [key, ms] of measured) last.set(key, ms)
    return {
      heddle: qualityOf(expectationsOf(records), next, workers),
      'last run': qualityOf(last, next, workers),
    }
  })
  return plans.slice(runsBefore)
}

/** How much longer than with exact durations the next run takes, and by how much the expected durations are off. */
function qualityOf(expected, durations, workers) {
  const exact = makespanOn(slowestFirst(durations, workers), durations, workers)
  const ratios = Array.from(durations, ([key, ms]) => Math.log(expected.get(key) / ms))
  const scale = median(ratios)
  return {
    makespan: makespanOn(slowestFirst(expected, workers), durations, workers) / exact,
    error: mean(ratios.map((ratio) => Math.abs(ratio - scale))),
  }
}

function rowsOf(histories) {
  const row = (title, method, summarize) => {
    const planNumbers = Array.from({ length: RUNS }, (_, i) => i)
    return [title, method, ...planNumbers.map((i) => summarize(histories.map((plans) => plans[i][method])))]
  }
  return ['heddle', 'last run'].flatMap((method) => [
    row('makespan, mean', method, (plans) => mean(plans.map(({ makespan }) => makespan))),
    row('makespan, worst', method, (plans) => Math.max(...plans.map(({ makespan }) => makespan))),
    row('error, mean', method, (plans) => mean(plans.map(({ error }) => error))),
  ])
}

function targetsOf({ name, stableAfter = STABLE_AFTER }, histories) {
  const stable = histories.map((plans) => plans.slice(stableAfter - 1))
  const valuesOf = (method, value) => stable.flatMap((plans) => plans.map((plan) => plan[method][value]))
  const swingOf = (method) => mean(stable.flatMap((plans) => changesOf(plans.map((plan) => plan[method].makespan))))
  return [
    target(`${name}: makespan, mean after ${stableAfter} runs and more`, mean(valuesOf('heddle', 'makespan')), 1.02),
    target(`${name}: makespan, worst`, Math.max(...valuesOf('heddle', 'makespan')), 1.05),
    target(
      `${name}: error / that of the last run`,
      mean(valuesOf('heddle', 'error')) / mean(valuesOf('last run', 'error')),
      1,
    ),
    target(`${name}: swing from plan to plan / that of the last run`, swingOf('heddle') / swingOf('last run'), 1),
  ]
}

function changesOf(values) {
  return values.slice(1).map((value, i) => Math.abs(value - values[i]))
}
