import { expect, test } from 'vitest'
import { globalConfig } from '../fixtures/host.js'
import { shouldUseWorkers } from './in-band.js'

const TWENTY_FAST_FILES = Array.from({ length: 20 }, () => 900)

test('twenty fast files run in workers: 4.5 s instead of 18 s', () => {
  expect(shouldUseWorkers(TWENTY_FAST_FILES, globalConfig())).toBe(true)
})

test('they run in band if somebody asked for it', () => {
  expect(shouldUseWorkers(TWENTY_FAST_FILES, globalConfig({ runInBand: true }))).toBe(false)
  expect(shouldUseWorkers(TWENTY_FAST_FILES, globalConfig({ detectOpenHandles: true }))).toBe(false)
  expect(shouldUseWorkers(TWENTY_FAST_FILES, globalConfig({ maxWorkers: 1 }))).toBe(false)
})

test('what workers would not save stays in band', () => {
  expect(shouldUseWorkers([400, 400, 400], globalConfig())).toBe(false)
  expect(shouldUseWorkers([5000, 900], globalConfig())).toBe(false)
  expect(shouldUseWorkers([5000], globalConfig())).toBe(false)
  expect(shouldUseWorkers([], globalConfig())).toBe(false)
})

test('the longest file bounds what workers can save', () => {
  expect(shouldUseWorkers([5000, 900, 601], globalConfig())).toBe(true)
  expect(shouldUseWorkers([5000, 900, 600], globalConfig())).toBe(false)
})
