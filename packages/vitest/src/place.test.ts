import { expect, test, vi } from 'vitest'
import { heddle } from './index.js'

test('tells where a test runs', () => {
  vi.stubEnv('HEDDLE_RUN_ID', 'r')
  vi.stubEnv('HEDDLE_SLOT', '3')
  vi.stubEnv('HEDDLE_GROUP_SLOT_THIRD_PARTY_API', '2')
  expect(heddle.slot).toBe(3)
  expect(heddle.runId).toBe('r')
  expect(heddle.groupSlot('third-party-api')).toBe(2)
})

test('outside of a run, and for groups that are not held, there is nothing to tell', () => {
  vi.stubEnv('HEDDLE_SLOT', undefined)
  expect(() => heddle.slot).toThrow(/Cannot use heddle\.slot: this process is no worker/)
  expect(() => heddle.runId).toThrow(/Cannot use heddle\.runId/)
  expect(() => heddle.groupSlot('pg')).toThrow(/HEDDLE_NOT_CONFIGURED: Cannot use heddle\.groupSlot\('pg'\)/)
})
