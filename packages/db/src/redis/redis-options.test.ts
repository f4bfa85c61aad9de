import { expect, test } from 'vitest'
import { checkRedisOptions } from './redis-options.js'

test('no options are fine', () => {
  expect(() => checkRedisOptions({})).not.toThrow()
  expect(() => checkRedisOptions({ url: 'redis://localhost', isolation: 'prefix' })).not.toThrow()
})

test.for([
  [{ url: 'redis://localhost', isolation: 'server' }, '"isolation" cannot be "server" where there is a "url"'],
  [{ isolation: 'database' }, '"isolation" "database" needs a "url"'],
  [{ isolation: 'prefix' }, '"isolation" "prefix" needs a "url"'],
  [{ perTest: 'rollback' }, '"perTest" must be'],
  [{ prefixenv: 'X' }, 'prefixEnv'],
] as const)('%j is refused', ([options, words]) => {
  expect(() => checkRedisOptions(options as object)).toThrow(words)
})
