import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { enterSlots } from './slot-environment.js'

beforeEach(() => vi.stubEnv('HEDDLE_RUN_ID', 'pipeline'))
afterEach(() => vi.unstubAllEnvs())

const SLOTS = { runId: 'f00', slot: 2, groupSlots: { 'third-party': 3 } }
const VARIABLES = { HEDDLE_RUN_ID: 'f00', HEDDLE_SLOT: '2', HEDDLE_GROUP_SLOT_THIRD_PARTY: '3' }

test('test code and the processes that it starts find the slots', () => {
  const sandbox = { process: { env: { PATH: '/bin' } } }
  const leave = enterSlots(sandbox, SLOTS)
  expect(sandbox.process.env).toEqual({ PATH: '/bin', ...VARIABLES })
  expect(process.env).toMatchObject(VARIABLES)
  leave()
})

test('the process has its own variables again when a file is over', () => {
  const before = { ...process.env }
  enterSlots({}, SLOTS)()
  expect({ ...process.env }).toEqual(before)
})

test('slots of a file that ran before are gone', () => {
  const sandbox = { process: { env: { HEDDLE_GROUP_SLOT_DB: '7' } } }
  vi.stubEnv('HEDDLE_GROUP_SLOT_DB', '7')
  const leave = enterSlots(sandbox, SLOTS)
  expect(sandbox.process.env).toEqual(VARIABLES)
  expect(process.env['HEDDLE_GROUP_SLOT_DB']).toBeUndefined()
  leave()
})

test('an environment without a process is left alone', () => {
  const leave = enterSlots({}, SLOTS)
  expect(process.env['HEDDLE_SLOT']).toBe('2')
  leave()
})
