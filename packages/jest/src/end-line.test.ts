import { expect, test } from 'vitest'
import { globalConfig } from '../fixtures/host.js'
import { isReadByPeople } from './end-line.js'

test.each([
  [true, {}],
  [true, { reporters: [['default', {}]] }],
  [true, { reporters: [['/repo/mine.js'], ['summary', {}]] }],
  [true, { reporters: [['agent', {}]] }],
  [false, { reporters: [['/ide/reporter.js', {}]] }],
  [false, { reporters: [['github-actions', {}]] }],
  [false, { reporters: [] }],
  [false, { json: true }],
] as const)('%s: %j', (expected, config) => {
  expect(isReadByPeople(globalConfig(config))).toBe(expected)
})
