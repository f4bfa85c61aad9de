import { expect, test } from 'vitest'
import { refuseUnknownGroups } from './unknown-groups.js'

test('known groups are fine', () => {
  expect(() => refuseUnknownGroups([{ what: 'a.test.ts', group: 'db' }], ['db'])).not.toThrow()
})

test('an unknown one is told with the known ones and a guess', () => {
  expect(() =>
    refuseUnknownGroups([{ what: 'tests/orders.test.ts (line 3)', group: 'postgress' }], ['postgres', 'redis']),
  ).toThrow(
    'HEDDLE_GROUP_UNKNOWN: Cannot put tests/orders.test.ts (line 3) into group "postgress": the groups are "postgres", "redis"\n' +
      'Fix: did you mean "postgres"? Otherwise add "postgress" to groups in heddle.config.ts.',
  )
})

test('without groups there is nothing to guess', () => {
  expect(() => refuseUnknownGroups([{ what: 'a.test.ts (line 1)', group: 'db' }], [])).toThrow(
    'Cannot put a.test.ts (line 1) into group "db": there are no groups\nFix: add "db" to groups in heddle.config.ts.',
  )
})
