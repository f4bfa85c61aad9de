import { lowerBoundOf, simulate } from '@heddle/core'
import { createInstance, EXPECTATIONS } from './lib/group-instances.mjs'
import { createRandom } from './lib/random.mjs'
import { printTable, target } from './lib/report.mjs'
import { runNaively } from './lib/naive-groups.mjs'
import { mean } from './lib/simulate.mjs'

const INSTANCES = 300

/** How close the scheduler comes to what nothing can beat, with groups and heavy files, against simpler rules. */
export function run() {
  const suites = { 'weight 1 only': { hasHeavy: false }, 'one in ten heavy': { hasHeavy: true } }
  const results = Object.entries(suites).flatMap(([suite, options]) =>
    Object.entries(EXPECTATIONS).map(([expected, expect]) => ({ suite, expected, ...measure(options, expect) })),
  )
  console.log(`Makespan / lower bound of ${INSTANCES} random suites each: mean (95th percentile, worst).`)
  console.log('"noisy": expected 0.4 to 2 times what is true; "none": the same of all.\n')
  const rules = ['heddle', 'longest with room', 'gate in the worker']
  printTable(
    ['files', 'expected', ...rules],
    results.map((result) => [result.suite, result.expected, ...rules.map((rule) => describe(result[rule]))]),
  )
  const heddle = (hasHeavy, expected) =>
    results.find((r) => r.expected === expected && r.suite === Object.keys(suites)[hasHeavy ? 1 : 0]).heddle
  return [
    target('weight 1 only, mean', mean(heddle(false, 'exact')), 1.01),
    target('weight 1 only, 95th percentile', percentile(heddle(false, 'exact'), 0.95), 1.03),
    target('one in ten heavy, mean', mean(heddle(true, 'exact')), 1.03),
    target('one in ten heavy, 95th percentile', percentile(heddle(true, 'exact'), 0.95), 1.06),
  ]
}

function measure(options, expect) {
  const ratios = Array.from({ length: INSTANCES }, (_, seed) => {
    const { workers, limits, jobs } = createInstance(seed, options)
    const random = createRandom(seed)
    const expected = jobs.map((job) => ({ ...job, ...expect(job, random) }))
    const durationOf = (index) => jobs[index].durationMs
    const truth = jobs.map((job) => ({ ...job, expectedMs: job.durationMs }))
    const bound = lowerBoundOf(truth, workers, limits).ms
    const ended = simulate(expected, { workers, limits, durationOf })
    return {
      heddle: Math.max(...ended.map(({ job, startMs }) => startMs + job.durationMs)) / bound,
      'longest with room': runNaively(expected, { workers, limits, hasGate: false }) / bound,
      'gate in the worker': runNaively(expected, { workers, limits, hasGate: true }) / bound,
    }
  })
  return Object.fromEntries(Object.keys(ratios[0]).map((rule) => [rule, ratios.map((ratio) => ratio[rule])]))
}

function describe(ratios) {
  const [middle, high, worst] = [mean(ratios), percentile(ratios, 0.95), Math.max(...ratios)]
  return `${middle.toFixed(3)} (${high.toFixed(3)}, ${worst.toFixed(3)})`
}

function percentile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1]
}
