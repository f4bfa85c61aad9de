import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  applySlotVariables,
  isInWorker,
  readGroupSlot,
  readRunId,
  readSlot,
  slotVariableOf,
  slotVariables,
} from './slot-variables.js'

const slots = { runId: 'f00', slot: 2, groupSlots: { postgres: 1, 'third-party-api': 3 } }

test('a worker is told its run and its slots', () => {
  expect(slotVariables(slots)).toEqual({
    HEDDLE_RUN_ID: 'f00',
    HEDDLE_SLOT: '2',
    HEDDLE_GROUP_SLOT_POSTGRES: '1',
    HEDDLE_GROUP_SLOT_THIRD_PARTY_API: '3',
  })
})

test('whatever a group is called, its variable is a name that every shell takes', () => {
  fc.assert(fc.property(fc.string(), (group) => /^HEDDLE_GROUP_SLOT_[A-Z0-9_]*$/.test(slotVariableOf(group))))
})

test('what is written is what is read', () => {
  const number = fc.integer({ min: 1, max: 10_000 })
  const groupSlots = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), number)
  fc.assert(
    fc.property(fc.uuid(), number, groupSlots, (runId, slot, given) => {
      const env = slotVariables({ runId, slot, groupSlots: given })
      expect([readRunId(env), readSlot(env)]).toEqual([runId, slot])
      for (const [group, groupSlot] of Object.entries(given)) expect(readGroupSlot(env, group)).toBe(groupSlot)
    }),
  )
})

test('outside of a worker there is nothing to read', () => {
  expect([readRunId({}), readSlot({}), readGroupSlot({}, 'postgres')]).toEqual([undefined, undefined, undefined])
  expect(isInWorker({ HEDDLE_RUN_ID: 'pipeline' })).toBe(false)
  expect(readRunId({ HEDDLE_RUN_ID: 'pipeline' })).toBeUndefined()
})

test.each(['', '0', '-1', '1.5', 'x', '1e3'])('%j is no slot', (text) => {
  expect(readSlot({ HEDDLE_SLOT: text })).toBeUndefined()
})

test('what an earlier file of the same worker left is removed, and nothing else', () => {
  const env: NodeJS.ProcessEnv = { PATH: '/bin', HEDDLE_DIR: 'x', ...slotVariables(slots) }
  applySlotVariables(env, { runId: 'f00', slot: 4, groupSlots: { postgres: 2 } })
  expect(env).toEqual({
    PATH: '/bin',
    HEDDLE_DIR: 'x',
    HEDDLE_RUN_ID: 'f00',
    HEDDLE_SLOT: '4',
    HEDDLE_GROUP_SLOT_POSTGRES: '2',
  })
})
