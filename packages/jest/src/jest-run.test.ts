import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { globalConfig, sessionIn, tempDir, testOf } from '../fixtures/host.js'
import { foundTests } from './found-tests.js'
import { JestRun } from './jest-run.js'

const PASSED = { slotMs: 5, tests: 1, retries: 0, outcome: 'passed', isPartial: false } as const
const START = { hostVersion: '30.0.0', isCold: false }

test('a run is written once, whichever end comes first', async () => {
  const root = tempDir()
  const { session } = await sessionIn(root)
  const listeners = process.listenerCount('exit')
  const run = new JestRun(session, START)
  const tests = [testOf(`${root}/a`), testOf(`${root}/b`)]
  run.begin(foundTests(root, tests), { globalConfig: globalConfig(), workers: 4 })
  run.add('a', PASSED)
  // What --bail does: Jest leaves the process without a word.
  process.listeners('exit').at(-1)?.call(process, 1)
  expect(readdirSync(session.historyDir)).toHaveLength(1)
  expect(run.end()).toBeUndefined()
  expect(readdirSync(session.historyDir)).toHaveLength(1)
  expect(process.listenerCount('exit')).toBe(listeners)
  const [record] = session.records
  expect(record?.header).toMatchObject({ host: 'jest', workers: 4 })
  expect(record?.keys).toEqual(['a', 'b'])
})

test('a run in which nothing ran leaves no trace', async () => {
  const { session } = await sessionIn(tempDir())
  const run = new JestRun(session, START)
  expect(run.end()).toBeUndefined()
  expect(existsSync(session.historyDir)).toBe(false)
})

test('a failure to record costs one warning', async () => {
  const { session, printed } = await sessionIn(tempDir())
  const run = new JestRun(session, START)
  const fail = (): never => {
    throw new Error('no')
  }
  run.guard(fail)
  run.guard(fail)
  expect(printed).toEqual(['Cannot record this run: no'])
  run.end()
})
