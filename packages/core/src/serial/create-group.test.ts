import { expect, test } from 'vitest'
import { checkFileGroups, createGroup } from './create-group.js'

const IMPORT = "import { group } from '@heddle/vitest'\n"

function groupOf(...lines: readonly string[]) {
  const source = IMPORT + lines.join('\n')
  return createGroup((called) => checkFileGroups(called, { file: 'a.test.ts', source, declared: ['a', 'b', 'c'] }))
}

test('a call that was read is fine', () => {
  const group = groupOf("group('a', 'c')", "group.exclusive('b')")
  expect(() => group('a', 'c')).not.toThrow()
  expect(() => group(['a'], ['c'])).not.toThrow()
  expect(() => group.exclusive('b')).not.toThrow()
  expect(() => group('b')).not.toThrow()
})

test('a call that was not read is an error that says what to write', () => {
  expect(() => groupOf("group('a')")('a', 'b', 'c')).toThrow(
    "HEDDLE_GROUP_UNREAD: Cannot use group: group('b', 'c') of a.test.ts is taken before the file runs, and its source does not say so in a way that can be read\n" +
      "Fix: write group('b', 'c') on a line of its own, with the names in quotes, or `@group b c` in a comment at the top.",
  )
  expect(() => groupOf("group('a')").exclusive('a')).toThrow("write group.exclusive('a') on a line of its own")
  expect(() => groupOf("group('a')").exclusive('a')).toThrow('`@group-exclusive a`')
})

test('a call without names, or with something else, is an error', () => {
  expect(() => groupOf()()).toThrow("no group is named\nFix: write group('postgres').")
  expect(() => groupOf()(5 as unknown as string)).toThrow('group(5) of a.test.ts')
})

test('a call that names an unknown group is an error, also where there are none', () => {
  expect(() => groupOf("group('d')")('d')).toThrow('HEDDLE_GROUP_UNKNOWN: Cannot put a.test.ts into group "d"')
})
