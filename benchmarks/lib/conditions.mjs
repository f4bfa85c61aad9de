import { createRandom } from './random.mjs'
import { measure } from './simulate.mjs'
import { readTrace } from './traces.mjs'

const TWO = readTrace('pg-boss-2-workers')
const EIGHT = readTrace('pg-boss-8-workers')
const NOISE = 0.25
const loadOf = (random) => random.factor(0.5, 3)

/**
 * What makes measured durations bad. `next` is what the run after this one really takes, if not the trace;
 * `runsBefore` happen before the first one shown.
 */
export const CONDITIONS = [
  {
    name: 'load',
    description: 'every run is 0.5 to 3 times slower as a whole, every file ±25 % on its own',
    measureRun: ({ trace, random }) => ({
      measured: measure(trace.durations, { inflation: loadOf(random), noise: NOISE, random }),
    }),
  },
  {
    name: 'cold',
    description: 'as load, and the first run has a cold cache: every file 1 to 19 times slower',
    measureRun: (input) => ({ measured: measureColdFirst(input), isCold: input.run === 0 }),
  },
  {
    name: 'cold, unnoticed',
    description: 'the same, but the host does not tell that its cache was cold',
    stableAfter: 3, // Two runs that were not cold.
    measureRun: (input) => ({ measured: measureColdFirst(input) }),
  },
  {
    name: 'subsets',
    description: 'as load, and after the first run every run covers a random half of the files (only what changed)',
    measureRun: ({ trace, run, random }) => {
      const keys = run === 0 ? trace.keys : random.shuffle(trace.keys).slice(0, trace.keys.length / 2)
      const durations = new Map(keys.map((key) => [key, trace.durations.get(key)]))
      return { measured: measure(durations, { inflation: loadOf(random), noise: NOISE, random }) }
    },
  },
  {
    name: 'change',
    description: 'as load, but after 12 runs (2 of them shown) one file in ten takes a fifth to five times as long',
    runsBefore: 10,
    stableAfter: 4, // Two runs with the change.
    measureRun: ({ trace, run, random }) => {
      const changed = changeSome(trace.durations)
      const durations = run < 2 ? trace.durations : changed
      const next = run < 1 ? trace.durations : changed
      return { measured: measure(durations, { inflation: loadOf(random), noise: NOISE, random }), next }
    },
  },
  {
    name: 'overload',
    description: 'pg-boss as measured with 2 and with 8 workers in turn, ±5 %; the next run is of the other kind',
    traces: [TWO],
    measureRun: ({ run, random }) => {
      const [now, next] = run % 2 === 0 ? [TWO, EIGHT] : [EIGHT, TWO]
      return { measured: measure(now.durations, { inflation: 1, noise: 0.05, random }), next: next.durations }
    },
  },
]

function measureColdFirst({ trace, run, random }) {
  const measured = measure(trace.durations, { inflation: loadOf(random), noise: NOISE, random })
  return run > 0 ? measured : new Map(Array.from(measured, ([key, ms]) => [key, ms * random.factor(1, 19)]))
}

function changeSome(durations) {
  const random = createRandom(durations.size)
  return new Map(Array.from(durations, ([key, ms]) => [key, random.next() < 0.1 ? ms * random.factor(1 / 5, 5) : ms]))
}
