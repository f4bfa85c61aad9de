import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { exitOf, killNow, untilGone, violationsOf } from './fixture-runs.js'
import { ResourceRuns } from './resource-runs.js'

const ENDLESS = { files: 1000, tests: 20, perTest: 'reset', testMs: 5 } as const

test('8 workers × 40 files find it clean for each test, and each worker has its own', async () => {
  const runs = new ResourceRuns()
  expect(await exitOf(runs.start({ workers: 8, files: 40, tests: 5, perTest: 'reset' }))).toBe(0)
  expect(violationsOf(runs.events())).toEqual([])
  expect(runs.whatOf('begin').length).toBe(200)
  expect(new Set(runs.whatOf('begin')).size).toBe(8)
  expect(runs.whatOf('created').length).toBe(8)
  expect(runs.whatOf('destroyed').sort()).toEqual(runs.whatOf('created').sort())
  expect(runs.whatOf('start').length).toBe(1)
  expect(runs.events().at(-1)?.event).toBe('stop')
  expect(runs.left()).toEqual([])
  expect(runs.leftOfRuns()).toEqual([])
}, 120_000)

test('each test has a clone, of which the next is made while the one before runs', async () => {
  const runs = new ResourceRuns()
  const work = { workers: 4, files: 8, tests: 6, perTest: 'clone', createMs: 60, testMs: 150 } as const
  expect(await exitOf(runs.start(work))).toBe(0)
  expect(violationsOf(runs.events())).toEqual([])
  const begun = runs.whatOf('begin')
  expect(new Set(begun).size).toBe(48)
  // One for each test, and at the end of the run one for each worker that nobody has used.
  expect(runs.whatOf('create').filter((what) => what.startsWith('test')).length).toBe(48 + 4)
  expect(runs.whatOf('destroyed').sort()).toEqual(runs.whatOf('created').sort())
  expect(runs.left()).toEqual([])
  // What a test uses was begun before the one before it in the same worker ended.
  const events = runs.events()
  const isLate = (dir: string): boolean => {
    const slot = slotOf(dir)
    const at = events.findIndex(({ event, what }) => event === 'begin' && what === dir)
    const before = events.slice(0, at).findLastIndex(({ event, what }) => event === 'end' && slotOf(what) === slot)
    return (
      before !== -1 &&
      events.findIndex(({ event, what }) => event === 'create' && what === `test ${dir.split('-').at(-1)}`) > before
    )
  }
  expect(begun.filter(isLate)).toEqual([])
  console.log(`waited for a clone, ms: ${runs.whatOf('waited').join(' ')}`)
}, 120_000)

test('workers that are killed leave it to the next, clean', async () => {
  const runs = new ResourceRuns()
  const work = { workers: 4, files: 60, tests: 1000, perTest: 'reset', testMs: 1, killMs: 100 } as const
  expect(await exitOf(runs.start(work))).toBe(0)
  expect(runs.whatOf('killed').length).toBe(60)
  // Those who were killed did not say that they ended.
  const flaws = violationsOf(runs.events()).filter((flaw) => !flaw.startsWith('held twice'))
  expect(flaws).toEqual([])
  expect(runs.whatOf('begin').length).toBeGreaterThan(10)
  expect(runs.whatOf('created').length).toBe(4)
  expect(runs.left()).toEqual([])
}, 120_000)

test('workers end with a reason when the main process is killed, and the next run can sweep', async () => {
  const runs = new ResourceRuns()
  const main = runs.start({ ...ENDLESS, workers: 3 })
  while (runs.whatOf('begin').length < 50) await delay(5)
  main.kill('SIGKILL')
  await exitOf(main)
  for (const pid of runs.pids()) await untilGone(pid)
  expect(runs.left().length).toBe(3)
  const failures = runs.whatOf('failed')
  expect(failures.length).toBeGreaterThan(0)
  for (const failure of failures)
    expect(failure).toMatch(/^HEDDLE_RESOURCE_FAILED: .*the main process of the run, which has the resources, has gone/)
  expect(await exitOf(runs.start({ ...ENDLESS, files: 1, tests: 1, workers: 1 }))).toBe(0)
  expect(runs.left()).toEqual([])
}, 60_000)

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a run that %s ends destroys everything, also what is just being made',
  async (signal) => {
    const runs = new ResourceRuns()
    const main = runs.start({ ...ENDLESS, perTest: 'clone', workers: 3, createMs: 200 })
    while (runs.whatOf('begin').length < 10) await delay(5)
    const startedAt = performance.now()
    main.kill(signal)
    expect(await exitOf(main)).toBe(signal)
    expect(performance.now() - startedAt).toBeLessThan(5000)
    for (const pid of runs.pids()) killNow(pid)
    expect(runs.left()).toEqual([])
  },
  60_000,
)

test('a worker that closes nothing ends by itself, and the next file finds it clean', async () => {
  const runs = new ResourceRuns()
  expect(await exitOf(runs.start({ workers: 2, files: 6, tests: 2, perTest: 'reset', leaves: true }))).toBe(0)
  expect(violationsOf(runs.events())).toEqual([])
  expect(runs.whatOf('created').length).toBe(2)
}, 60_000)

test('what it costs is told', async () => {
  const runs = new ResourceRuns()
  expect(await exitOf(runs.start({ workers: 1, files: 1, tests: 0, perTest: 'reset', times: 1000 }))).toBe(0)
  console.log(`a call: ${runs.whatOf('call').join()} ms, begin and end of a test: ${runs.whatOf('test').join()} ms`)
  expect(runs.whatOf('test').length).toBe(1)
}, 60_000)

function slotOf(dir: string): string | undefined {
  return dir.split('-').at(-2)
}
