import { expect, test } from 'vitest'
import { describeRule } from './describe-rule.js'

const where = { dir: '', place: 'rules[0] of heddle.config.ts' }

test('a rule is described by its place and its matchers', () => {
  expect(describeRule({ ...where, files: ['a/**', '!b'], platform: 'linux', group: 'db' })).toBe(
    'rules[0] of heddle.config.ts (files "a/**" | "!b", platform "linux")',
  )
  expect(describeRule({ ...where, tests: /@stripe/i, tags: 'x', project: ['p', ''], when: () => true })).toBe(
    'rules[0] of heddle.config.ts (tests /@stripe/i, tags "x", project "p" | "", when …)',
  )
  expect(describeRule({ ...where, tests: '^a "b"' })).toBe('rules[0] of heddle.config.ts (tests "^a \\"b\\"")')
})
