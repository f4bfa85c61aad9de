import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, simulate } from '@heddle/core'
import { GROUP_HOSTS } from './lib/groups-hosts.mjs'
import { CASES, createGroupsSuite, runSuite, setHistory } from './lib/groups-suite.mjs'
import { packPackages } from './lib/hosts.mjs'
import { createRandom } from './lib/random.mjs'
import { printTable, target, timedTarget } from './lib/report.mjs'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 1)
/** A part of a host's name and version. */
const ONLY = process.env.BENCH_HOST ?? ''
/** A part of the name of a way to run, to measure only that. */
const ONLY_RUN = process.env.BENCH_RUN ?? ''
const OPTIONS = `{ groups: { g: { limit: 1 } }, rules: [{ files: 'test/g*', group: 'g' }] }`
const SEED = 7
/** The largest ratio to the optimum that is good enough. */
const LIMITS = { ours: 1.03, gated: 1.1 }

/** How close real hosts come to the optimum with six files in a group of one and six free ones on four workers. */
export function run() {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-groups-'))
  try {
    const tarballs = packPackages(directory)
    const hosts = GROUP_HOSTS.filter(({ name, version }) => `${name} ${version}`.includes(ONLY))
    return hosts.flatMap((host) => measureHost(join(directory, `${host.name}-${host.version}`), host, tarballs))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function measureHost(directory, host, tarballs) {
  mkdirSync(directory)
  writeFileSync(join(directory, 'package.json'), '{ "private": true }')
  const packages = [...tarballs, ...host.install]
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: directory, stdio: 'ignore' })
  const suite = createGroupsSuite(directory, host)
  const { optimumMs } = CASES[host.name]
  const measures = measuresOf(host).filter(({ label }) => label.includes(ONLY_RUN))
  const rows = measures.map((measure) => ({ ...measure, ...measureRounds(suite, measure) }))
  const alone = rows.find(({ isAlone }) => isAlone)?.makespanMs ?? optimumMs
  console.log(`${host.name} ${host.version}: makespan, optimum ${optimumMs} ms, ${ROUNDS} rounds\n`)
  printTable(
    ['run', 'history', 'ms', '/ optimum', '/ simulated', '/ group alone', 'at once in group'],
    rows.map(({ label, history, makespanMs, peak, isHeddle }) => [
      label,
      history,
      Math.round(makespanMs),
      makespanMs / optimumMs,
      isHeddle ? makespanMs / simulatedMs(suite.durations, history) : '',
      makespanMs / alone,
      peak,
    ]),
  )
  return targetsOf(host, rows, { optimumMs, noisyMs: simulatedMs(suite.durations, 'noisy') })
}

function measuresOf(host) {
  const withHistories = (label, config, more = {}) =>
    ['exact', 'noisy', 'none'].map((history) => ({ label, config, history, runs: [[]], ...more }))
  const { heddleIsolated } = host
  return [
    ...withHistories('heddle', host.heddle(OPTIONS), { isHeddle: true }),
    ...(heddleIsolated === undefined
      ? []
      : [{ label: 'heddle, a process per file', history: 'exact', config: heddleIsolated(OPTIONS), runs: [[]] }]),
    ...withHistories('slowest first, with a lock in a setup file', host.gate()),
    { label: `the host: ${host.own.how}`, history: 'its own', needsCache: true, ...host.own },
    { label: 'only the group, in one worker', history: '–', isAlone: true, ...host.alone },
  ]
}

function measureRounds(suite, { config, runs, history, isAlone, needsCache }) {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    setHistory(suite, historyOf(suite.durations, history, round))
    // The host's own cache of durations, where its own way is measured.
    if (needsCache) runSuite(suite, config, runs)
    const measured = runSuite(suite, config, runs)
    const expected = isAlone ? 6 : suite.durations.size
    if (measured.files !== expected) throw new Error(`${measured.files} of ${expected} files ran`)
    return measured
  })
  return {
    makespanMs: median(rounds.map(({ makespanMs }) => makespanMs)),
    peak: Math.max(...rounds.map(({ peak }) => peak)),
  }
}

/** Noise is 0.4 to 2.0 times, the same in every run of the benchmark. */
function historyOf(durations, history, round) {
  if (history === 'exact') return durations
  if (history !== 'noisy') return undefined
  const random = createRandom(SEED + round)
  return new Map(Array.from(durations, ([name, ms]) => [name, Math.round(ms * (0.4 + 1.6 * random.next()))]))
}

/** What the scheduler comes to with such a history where nothing but the files takes time: the rest is the host's. */
function simulatedMs(durations, history) {
  const real = [...durations]
  const makespans = Array.from({ length: ROUNDS }, (_, round) => {
    const expected = historyOf(durations, history, round)
    const jobs = real.map(([name]) => ({
      key: name,
      expectedMs: expected?.get(name) ?? 1000,
      stage: 0,
      demand: { groups: name.startsWith('g') ? [{ group: 'g', mode: 'shared' }] : [], weight: 1, priority: 0 },
    }))
    const durationOf = (index) => real[index][1]
    const scheduled = simulate(jobs, { workers: 4, limits: new Map([['g', 1]]), durationOf })
    return Math.max(...scheduled.map(({ job, startMs }) => startMs + durations.get(job.key)))
  })
  return median(makespans)
}

/** Where the history is wrong, nobody who goes by it comes to the optimum: its free files leave no room for a mistake. */
function targetsOf(host, rows, { optimumMs, noisyMs }) {
  const name = `${host.name} ${host.version}`
  const limit = host.isSchedulerOurs ? LIMITS.ours : LIMITS.gated
  const ofHeddle = rows.filter(({ isHeddle }) => isHeddle)
  const held = ofHeddle.filter(({ history }) => host.isSchedulerOurs || history === 'exact')
  return [
    target(`${name}: most at once in the group`, Math.max(...ofHeddle.map(({ peak }) => peak)), 1),
    ...held.map(({ history, makespanMs }) =>
      history === 'noisy'
        ? timedTarget(`${name}: history noisy, makespan / simulated`, makespanMs / noisyMs, limit)
        : timedTarget(`${name}: history ${history}, makespan / optimum`, makespanMs / optimumMs, limit),
    ),
  ]
}
