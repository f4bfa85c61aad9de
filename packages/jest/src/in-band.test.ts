import { expect, test } from 'vitest'
import { NO_DEMAND, type Job } from '@heddle/core'
import { globalConfig } from '../fixtures/host.js'
import { shouldUseWorkers } from './in-band.js'

const TWENTY_FAST_FILES = Array.from({ length: 20 }, () => aJob(900))

test('twenty fast files run in workers: 4.5 s instead of 18 s', () => {
  expect(shouldUseWorkers(TWENTY_FAST_FILES, globalConfig())).toBe(true)
})

test('they run in band if somebody asked for it', () => {
  expect(shouldUseWorkers(TWENTY_FAST_FILES, globalConfig({ runInBand: true }))).toBe(false)
  expect(shouldUseWorkers(TWENTY_FAST_FILES, globalConfig({ detectOpenHandles: true }))).toBe(false)
  expect(shouldUseWorkers(TWENTY_FAST_FILES, globalConfig({ maxWorkers: 1 }))).toBe(false)
})

test('what workers would not save stays in band', () => {
  expect(shouldUseWorkers([aJob(400), aJob(400), aJob(400)], globalConfig())).toBe(false)
  expect(shouldUseWorkers([aJob(5000), aJob(900)], globalConfig())).toBe(false)
  expect(shouldUseWorkers([aJob(5000)], globalConfig())).toBe(false)
  expect(shouldUseWorkers([], globalConfig())).toBe(false)
})

test('the longest file bounds what workers can save', () => {
  expect(shouldUseWorkers([aJob(5000), aJob(900), aJob(601)], globalConfig())).toBe(true)
  expect(shouldUseWorkers([aJob(5000), aJob(900), aJob(600)], globalConfig())).toBe(false)
})

test('workers save nothing for files that run one at a time anyway', () => {
  const demand = { ...NO_DEMAND, groups: [{ group: 'db', mode: 'shared' as const }] }
  const files = TWENTY_FAST_FILES.map((job) => ({ ...job, demand }))
  expect(shouldUseWorkers(files, globalConfig(), new Map([['db', 1]]))).toBe(false)
  expect(shouldUseWorkers(files, globalConfig(), new Map([['db', 2]]))).toBe(true)
})

function aJob(expectedMs: number): Job {
  return { key: 'a', expectedMs, isKnown: true, hasFailed: false, stage: 0, batch: undefined }
}
