import { createRunRecord, expectedDurations, lowerBoundOf, makespanOf, planOrder } from '@heddle/core'

const PLATFORM = 'linux-x64'

/** Jobs as core wants them; `times` maps a key to ms, or to anything that grows with it. */
export function jobsOf(times) {
  return Array.from(times, ([key, expectedMs]) => ({
    key,
    expectedMs,
    isKnown: true,
    hasFailed: false,
    stage: 0,
    batch: undefined,
  }))
}

/** The keys of `times`, longest first, as core orders them. */
export function slowestFirst(times, workers) {
  return planOrder(jobsOf(times), { workers }).jobs.map((job) => job.key)
}

/** When the last worker ends if files start in the order of `keys` and take what `durations` says. */
export function makespanOn(keys, durations, workers) {
  return makespanOf(jobsOf(keys.map((key) => [key, durations.get(key)])), workers)
}

export function boundOf(durations, workers) {
  return lowerBoundOf(jobsOf(durations), workers)
}

/** The record that heddle would have written of a run that took `durations`. */
export function recordOf(durations, { run, isCold = false }) {
  const header = {
    runId: `run-${run}`,
    isPipeline: false,
    startedAt: run * 60_000,
    host: 'vitest',
    hostVersion: '4.1.12',
    root: '',
    platform: PLATFORM,
    nodeMajor: 20,
    workers: 2,
    cpus: 2,
    isCold,
  }
  const unmeasured = { waitMs: 0, tests: 1, retries: 0, outcome: 'passed', isPartial: false, load: 0 }
  return createRunRecord(
    header,
    Array.from(durations, ([key, durationMs]) => ({ key, durationMs, ...unmeasured })),
  )
}

/** What core expects of each file after `records`, as key → ms. */
export function expectationsOf(records) {
  return new Map(Array.from(expectedDurations(records, PLATFORM), ([key, { durationMs }]) => [key, durationMs]))
}

/** A run on a machine that is `inflation` times slower, every file with its own noise on top. */
export function measure(durations, { inflation, noise, random }) {
  return new Map(Array.from(durations, ([key, ms]) => [key, ms * inflation * random.lognormal(noise)]))
}

/** Five runs on machines half to three times as slow, every file off by some 20 %. */
export function noisyHistory(durations, random) {
  return [1, 2, 3, 4, 5].map((run) =>
    recordOf(measure(durations, { inflation: random.factor(0.5, 3), noise: 0.2, random }), { run }),
  )
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
