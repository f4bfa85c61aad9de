import type { EnvGuard } from '@heddle/core/fixtures'
import { expect, test } from 'vitest'
import { isEnvGuarded } from './is-env-guarded.js'

test.each<[EnvGuard, boolean, boolean]>([
  ['auto', true, true],
  ['auto', false, false],
  ['off', true, false],
  ['restore', false, true],
  ['warn', false, true],
  ['fail', false, true],
])('with %s, in a file that names heddle: %s', (envGuard, namesHeddle, isGuarded) => {
  expect(isEnvGuarded({ envGuard }, namesHeddle)).toBe(isGuarded)
})
