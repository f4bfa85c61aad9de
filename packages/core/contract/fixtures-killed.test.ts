import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { exitOf, FixtureRuns, killAll, killNow, untilGone, violationsOf } from './fixture-runs.js'

const ENDLESS = { files: 1000, tests: 5, each: 1 }

test('what 50 runs left that were killed at random moments is swept by the next, except what they kept', async () => {
  const runs = new FixtureRuns()
  const lane = async (): Promise<void> => {
    for (let i = 0; i < 25; i++) {
      const before = runs.logSize
      const run = runs.start({ ...ENDLESS, workers: 1 + (i % 2), isWild: true })
      // One of three dies before its workers have anything.
      if (i % 3 !== 0) while (runs.logSize < before + 2000) await delay(5)
      await delay(Math.random() * (i % 3 === 0 ? 300 : 100))
      await killAll(run)
    }
  }
  await Promise.all([lane(), lane()])
  await runs.sweep()
  const kept = runs.whatOf('kept')
  const dirs = runs.left().filter((path) => /\/(?:d|run)\/[^/]+$/.test(path) && !path.endsWith('.kept'))
  const unexpected = dirs.filter((dir) => !existsSync(`${dir}.kept`))
  expect(unexpected).toEqual([])
  expect(kept.filter((dir) => !existsSync(dir))).toEqual([])
  expect(kept.length).toBeGreaterThan(5)
  expect(runs.left().filter((path) => /\/(?:s|shared)(?:\/|$)/.test(path))).toEqual([])
  // Those who lived meanwhile lost nothing.
  expect(violationsOf(runs.events())).toEqual([])
  const names = runs.left().filter((path) => /\/r-[0-9a-f]{10}$/.test(path))
  expect(names.length).toBe(new Set(dirs.map((dir) => basename(dir.slice(0, dir.indexOf('/d/'))))).size)
}, 300_000)

test('a run whose main process was killed lives as long as one of its workers', async () => {
  const runs = new FixtureRuns()
  const { main, workerPids } = runs.start({ ...ENDLESS, workers: 2 })
  while (runs.whatOf('begin').length < 50) await delay(5)
  main.kill('SIGKILL')
  await exitOf(main)
  const [first = 0, second = 0] = workerPids()
  killNow(first)
  await untilGone(first)
  const before = runs.whatOf('begin').length
  await runs.sweep()
  while (runs.whatOf('begin').length < before + 50) await delay(5)
  expect(violationsOf(runs.events())).toEqual([])
  killNow(second)
  await untilGone(second)
  await runs.sweep()
  expect(runs.left()).toEqual([])
}, 60_000)

test.each(['SIGINT', 'SIGTERM'] as const)(
  'a run that %s ends leaves nothing',
  async (signal) => {
    const runs = new FixtureRuns()
    const { main, workerPids } = runs.start({ ...ENDLESS, workers: 2 })
    while (runs.whatOf('begin').length < 50) await delay(5)
    // As a terminal does it: all at once.
    for (const pid of workerPids()) process.kill(pid, signal)
    main.kill(signal)
    expect(await exitOf(main)).toBe(signal)
    expect(runs.left()).toEqual([])
  },
  60_000,
)
