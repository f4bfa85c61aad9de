import { filesOf } from '@heddle/core'
import { expect, test } from 'vitest'
import { contextOf, REPLACEMENTS, resultOf, sessionIn, tempDir, testOf } from '../fixtures/host.js'
import { adoptTests } from './adopt-tests.js'
import { JestRun } from './jest-run.js'
import { peakOf, recordForeignFiles } from './record-foreign-files.js'

test('records what other runners ran, with as many workers as were seen, and nothing else', async () => {
  const root = tempDir()
  const { session } = await sessionIn(root)
  const run = new JestRun(session, { hostVersion: '29.7.0', isCold: false })
  const eslint = contextOf({ runner: '/eslint.js', displayName: { name: 'lint' } })
  const tests = [
    testOf(`${root}/a`, eslint),
    testOf(`${root}/b`, eslint),
    testOf(`${root}/c`, eslint),
    testOf(`${root}/d`),
  ]
  const results = [
    resultOf(`${root}/a`, { perfStats: { start: 100, end: 400 } }),
    resultOf(`${root}/b`, { perfStats: { start: 200, end: 250 } }),
    resultOf(`${root}/d`, { perfStats: { start: 0, end: 9 } }),
  ]
  const hasForeign = recordForeignFiles(run, adoptTests(tests, run, REPLACEMENTS), {
    testResults: results,
    wasInterrupted: false,
  })
  run.end()
  expect(hasForeign).toBe(true)
  expect(session.records[0]?.header.workers).toBe(2)
  expect(session.records.flatMap(filesOf)).toMatchObject([
    { key: 'a\tlint', durationMs: 300, outcome: 'passed' },
    { key: 'b\tlint', durationMs: 50, outcome: 'passed' },
    { key: 'c\tlint', outcome: 'not-run' },
  ])
})

test('has nothing to do where all runners are stock', async () => {
  const { session } = await sessionIn(tempDir())
  const run = new JestRun(session, { hostVersion: '29.7.0', isCold: false })
  const tests = adoptTests([testOf('/a')], run, REPLACEMENTS)
  expect(recordForeignFiles(run, tests, { testResults: [resultOf('/a')], wasInterrupted: false })).toBe(false)
  expect(run.end()).toBeUndefined()
})

test('an end and a start at the same time do not overlap', () => {
  const one = { start: 0, end: 10 }
  const two = { start: 10, end: 20 }
  const three = { start: 5, end: 15 }
  expect(peakOf([])).toBe(1)
  expect(peakOf([one, two])).toBe(1)
  expect(peakOf([two, one])).toBe(1)
  expect(peakOf([one, two, three])).toBe(2)
})
