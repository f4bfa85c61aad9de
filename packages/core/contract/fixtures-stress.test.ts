import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { exitOf, FixtureRuns, violationsOf } from './fixture-runs.js'

test('two runs at once, 16 workers, 200 directories and sockets each: nothing is given twice, and nothing is left', async () => {
  const runs = new FixtureRuns()
  const work = { workers: 8, files: 5, tests: 20, each: 2 }
  const started = [runs.start(work), runs.start(work)]
  expect(await Promise.all(started.map(async ({ main }) => exitOf(main)))).toEqual([0, 0])
  const begun = runs.whatOf('begin')
  expect(begun).toHaveLength(16 * 5 * 20 * (2 + 2))
  expect(new Set(begun).size).toBe(begun.length)
  expect(violationsOf(runs.events())).toEqual([])
  expect(runs.left()).toEqual([])
  expect(runs.leases()).toEqual([])
}, 240_000)

test('who has what another has, or finds it gone, is seen', () => {
  const events = ['begin a', 'begin b', 'end a', 'begin a', 'begin b', 'lost a', 'failed x'].map((line) => {
    const [event = '', what = ''] = line.split(' ')
    return { event, what }
  })
  expect(violationsOf(events)).toEqual(['held twice: b', 'lost a', 'failed x'])
})

test('what dead runs left is swept by several at once', async () => {
  const runs = new FixtureRuns()
  const dead = Array.from({ length: 6 }, () => runs.start({ workers: 2, files: 1000, tests: 5, each: 2 }))
  for (const { main, workerPids } of dead) {
    while (workerPids().length < 2) await delay(5)
    while (runs.whatOf('begin').length < 50) await delay(5)
    main.kill('SIGKILL')
    for (const pid of workerPids()) process.kill(pid, 'SIGKILL')
    await exitOf(main)
  }
  expect(runs.left().length).toBeGreaterThan(6)
  await delay(50)
  await Promise.all([runs.sweep(), runs.sweep(), runs.sweep(), runs.sweep()])
  expect(runs.left()).toEqual([])
}, 120_000)
