import { expect, test } from 'vitest'
import type { Membership } from '../groups/demand.js'
import { checkFileGroups, createGroup } from './create-group.js'

const shared = (group: string): Membership => ({ group, mode: 'shared' })
const alone = (group: string): Membership => ({ group, mode: 'exclusive' })

function groupOf(...read: readonly Membership[]) {
  return createGroup((called) => checkFileGroups(called, read, 'a.test.ts'))
}

test('a call that was read is fine', () => {
  const group = groupOf(shared('a'), alone('b'), shared('c'))
  expect(() => group('a', 'c')).not.toThrow()
  expect(() => group.exclusive('b')).not.toThrow()
  expect(() => group('b')).not.toThrow()
})

test('a call that was not read is an error that says what to write', () => {
  expect(() => groupOf(shared('a'))('a', 'b', 'c')).toThrow(
    "HEDDLE_GROUP_UNREAD: Cannot use group: group('b', 'c') of a.test.ts is taken before the file runs, and its source does not say so in a way that can be read\n" +
      "Fix: write group('b', 'c') on a line of its own, with the names in quotes, or `@group b c` in a comment at the top.",
  )
  expect(() => groupOf(shared('a')).exclusive('a')).toThrow("write group.exclusive('a') on a line of its own")
  expect(() => groupOf(shared('a')).exclusive('a')).toThrow('`@group-exclusive a`')
})

test('a call without names, or with something else, is an error', () => {
  expect(() => groupOf()()).toThrow("no group is named\nFix: write group('postgres').")
  expect(() => groupOf()(5 as unknown as string)).toThrow('group(5) of a.test.ts')
})
