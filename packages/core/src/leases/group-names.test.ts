import { expect, test } from 'vitest'
import { describeGroupLease, groupLeaseName, groupSlotName, isGroupLeaseName, isSlotOf } from './group-names.js'

test('the lease of a group and those of its slots are told apart, for people', () => {
  expect(describeGroupLease(groupLeaseName('postgres'))).toBe('group "postgres"')
  expect(describeGroupLease(groupSlotName('postgres', 12))).toBe('slot 12 of group "postgres"')
  expect(describeGroupLease(groupLeaseName(''))).toBe('the workers of the run')
  expect(describeGroupLease(groupSlotName('', 3))).toBe('slot 3 of the workers of the run')
  expect(describeGroupLease(groupLeaseName('c#'))).toBe('group "c#"')
})

test('a slot belongs to one group', () => {
  const isOf = (group: string): boolean => isSlotOf(groupSlotName('db', 1), group)
  expect(isOf(groupLeaseName('db'))).toBe(true)
  expect([groupLeaseName('d'), groupSlotName('db', 1), 'db', ''].some(isOf)).toBe(false)
})

test('any other name is no group', () => {
  expect(describeGroupLease('postgres')).toBeUndefined()
  expect(describeGroupLease('a group:b')).toBeUndefined()
  expect(isGroupLeaseName(groupSlotName('a', 1))).toBe(true)
  expect(isGroupLeaseName('groups')).toBe(false)
})
