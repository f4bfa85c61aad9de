import { expect, test } from 'vitest'
import { globalConfig } from '../fixtures/host.js'
import { isPartial } from './is-partial.js'

test.each([{}, { nonFlagArgs: [], testPathPattern: '', onlyChanged: false }, { testPathPatterns: { patterns: [] } }])(
  '%j is the whole suite',
  (config) => {
    expect(isPartial(globalConfig(config))).toBe(false)
  },
)

test.each([
  { nonFlagArgs: ['a.test.js'] },
  { testPathPattern: 'a' },
  { testPathPatterns: { patterns: ['a'] } },
  { onlyChanged: true },
  { onlyFailures: true },
  { findRelatedTests: true },
  { filter: '/repo/filter.js' },
])('%j is part of it', (config) => {
  expect(isPartial(globalConfig(config))).toBe(true)
})
