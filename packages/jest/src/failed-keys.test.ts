import { createRunRecord, type FileRecord, type Outcome, type RunHeader, type RunRecord } from '@heddle/core'
import { expect, test } from 'vitest'
import { failedKeys } from './failed-keys.js'

const HEADER: RunHeader = {
  runId: 'r',
  isPipeline: false,
  startedAt: 0,
  host: 'jest',
  hostVersion: '30.0.0',
  root: '',
  platform: 'linux-x64',
  nodeMajor: 20,
  workers: 1,
  cpus: 1,
  isCold: false,
}

function recordOf(outcomes: Readonly<Record<string, Outcome>>): RunRecord {
  const files = Object.entries(outcomes).map(([key, outcome]): FileRecord => ({
    key,
    durationMs: 1,
    waitMs: 0,
    tests: 1,
    retries: 0,
    outcome,
    isPartial: true,
    load: 0,
  }))
  return createRunRecord(HEADER, files)
}

test('the newest run of each file counts', () => {
  const records = [recordOf({ a: 'failed', b: 'passed', c: 'failed' }), recordOf({ a: 'passed', b: 'failed' })]
  expect(failedKeys(records)).toEqual(new Set(['b', 'c']))
})

test('a crash is a failure, even if it is all that is known of a file', () => {
  expect(failedKeys([recordOf({ a: 'crashed' })])).toEqual(new Set(['a']))
})

test('a file that did not run, or whose tests were skipped, stays what it was', () => {
  const records = [
    recordOf({ a: 'failed', b: 'crashed', c: 'passed' }),
    recordOf({ a: 'not-run', b: 'skipped', c: 'skipped' }),
  ]
  expect(failedKeys(records)).toEqual(new Set(['a', 'b']))
})

test('nothing has failed in an empty history', () => {
  expect(failedKeys([])).toEqual(new Set())
})
