import { expect, test } from 'vitest'
import { resolvePostgresOptions } from './resolve-postgres-options.js'

test('defaults are filled in', () => {
  expect(resolvePostgresOptions({})).toEqual({
    server: 'auto',
    env: ['DATABASE_URL'],
    isolation: 'database',
    allowRemote: [],
    poolSize: 10,
  })
  expect(resolvePostgresOptions({ env: 'URL' }).env).toEqual(['URL'])
})

test.each<[object, string]>([
  [{ perTest: 'often' }, '"perTest" must be'],
  [{ pertest: 'reset' }, 'unknown option "pertest", did you mean "perTest"?'],
  [{ url: '' }, '"url" must not be empty'],
  [{ poolSize: 0 }, '"poolSize" must be a whole number from 1 to 1000'],
  [{ seed: 'insert' }, '"seed" must be a function'],
  [{ url: 'postgres://h', server: 'embedded' }, 'use one of them'],
  [{ allowRemote: ['h'] }, '"allowRemote" says something of "url", which is missing'],
])('%j is refused', (options, reason) => {
  const refused = () => resolvePostgresOptions(options)
  expect(refused).toThrow('HEDDLE_OPTIONS_INVALID: Cannot use postgres({ … }): ')
  expect(refused).toThrow(reason)
})
