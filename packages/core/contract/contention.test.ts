import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { dirWith } from '../fixtures/directories.js'
import { readHistory } from '../src/history/read-history.js'
import { resultOf, start } from './child.js'

const HELPERS = `
  const { createRunRecord, pruneHistory, readHistory, writeRecord } = require('@heddle/core')
  const input = JSON.parse(process.argv[1])
  const aRecord = (keys, startedAt) => createRunRecord(
    {
      runId: 'run', isPipeline: false, startedAt, host: 'vitest', hostVersion: '4', root: '', platform: 'linux-x64',
      nodeMajor: 20, workers: 1, cpus: 1, isCold: false,
    },
    keys.map((key) => ({
      key, durationMs: 5, waitMs: 0, tests: 1, retries: 0, outcome: 'passed', isPartial: false, load: 0,
    })),
  )
`

/** Every process writes runs of its own file and of one that all share, and prunes after each. */
const WRITE_AND_PRUNE = `${HELPERS}
  let pruned = 0
  for (let run = 0; run < input.runs; run++) {
    writeRecord(input.dir, aRecord(['own-' + input.writer, 'shared', 'gone'], 1000 + run))
    pruned += pruneHistory(input.dir, { runs: input.keep, workspace: input.workspace }).removedRecords
  }
  console.log(JSON.stringify(pruned))
`

test('many processes that write and prune one history at once lose no newest record', { timeout: 60_000 }, async () => {
  const writers = Array.from({ length: 12 }, (_, i) => i)
  const [runs, keep] = [12, 3]
  const workspace = dirWith(Object.fromEntries(['shared', ...writers.map((i) => `own-${i}`)].map((name) => [name, ''])))
  const dir = join(workspace, '.heddle', 'history')
  const pruned = await Promise.all(
    writers.map((writer) => resultOf(start(WRITE_AND_PRUNE, { dir, workspace, writer, runs, keep }))),
  )
  expect(pruned.reduce((sum: number, count) => sum + Number(count), 0)).toBeGreaterThan(0)

  const { stored, warnings } = readHistory([dir])
  expect(warnings).toEqual([])
  expect(readdirSync(dir)).toHaveLength(stored.length)
  for (const writer of writers) {
    const starts = stored
      .filter(({ record }) => record.keys.includes(`own-${writer}`))
      .map(({ record }) => record.header.startedAt)
    expect(starts.slice(-keep)).toEqual([1009, 1010, 1011])
  }
})

const WRITE_FOREVER = `${HELPERS}
  const keys = Array.from({ length: 20_000 }, (_, i) => 'packages/some/where/file-' + String(i).padStart(6, '0'))
  const record = aRecord(keys, 1000)
  process.stdout.write('ready')
  for (;;) writeRecord(input.dir, record)
`

test('a process killed while it writes leaves no unreadable record', { timeout: 60_000 }, async () => {
  const dir = join(dirWith({}), 'history')
  for (const afterMs of [1, 9, 23, 47, 80]) {
    const child = start(WRITE_FOREVER, { dir })
    if (child.stdout !== null) await once(child.stdout, 'data')
    await delay(afterMs)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const { stored, warnings } = readHistory([dir])
  expect(warnings).toEqual([])
  expect(stored.length).toBeGreaterThan(0)
  expect(stored.every(({ record }) => record.keys.length === 20_000)).toBe(true)
})

test('a process killed while it prunes leaves no unreadable record', { timeout: 60_000 }, async () => {
  const workspace = dirWith({ kept: '' })
  const dir = join(workspace, '.heddle', 'history')
  const fill = `${HELPERS}
    const keys = ['kept', ...Array.from({ length: 20_000 }, (_, i) => 'gone-' + String(i).padStart(6, '0'))]
    for (let run = 0; run < 20; run++) writeRecord(input.dir, aRecord(keys, 1000 + run))
    process.stdout.write('ready')
    pruneHistory(input.dir, { runs: 10, workspace: input.workspace })
    console.log()`
  const child = start(fill, { dir, workspace })
  if (child.stdout !== null) await once(child.stdout, 'data')
  await delay(150)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const { stored, warnings } = readHistory([dir])
  expect(warnings).toEqual([])
  expect(stored.length).toBeGreaterThanOrEqual(10)
  expect(stored.at(-1)?.record.header.startedAt).toBe(1019)
})
