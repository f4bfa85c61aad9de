import { expect, test } from 'vitest'
import { requireGroupSlot } from './require-group-slot.js'

test('a slot that somebody has is told', () => {
  expect(requireGroupSlot('db', 2, 'a.test.ts')).toBe(2)
})

test('who is not in the group is told how to get in', () => {
  expect(() => requireGroupSlot('db', undefined, 'a.test.ts')).toThrow(
    /^HEDDLE_GROUP_NOT_HELD: Cannot tell the slot in group "db": neither a\.test\.ts nor what runs in it now is in this group\nFix: write group\('postgres'\)/,
  )
})
