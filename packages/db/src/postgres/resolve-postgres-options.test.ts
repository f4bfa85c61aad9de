import { expect, test } from 'vitest'
import { resolvePostgresOptions } from './resolve-postgres-options.js'

test('defaults are filled in', () => {
  expect(resolvePostgresOptions({})).toEqual({
    server: 'auto',
    env: ['DATABASE_URL'],
    isolation: 'database',
    prefixEnv: 'TABLE_PREFIX',
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
  [{ isolation: 'prefix' }, '"isolation" "prefix" is for a server on which databases cannot be made: "url" is missing'],
  [{ url: 'postgres://h', isolation: 'prefix', migrations: '*.sql' }, 'files of SQL cannot know the prefix'],
  [{ url: 'postgres://h', isolation: 'prefix', migrations: ['a.sql', 'b.sql'] }, 'files of SQL cannot know the prefix'],
  [{ url: 'postgres://h', isolation: 'prefix', role: 'app' }, '"role" is for databases that heddle makes'],
  [{ url: 'postgres://h', isolation: 'schema', prefixEnv: 'P' }, '"prefixEnv" is for "isolation" "prefix"'],
])('%j is refused', (options, reason) => {
  const refused = () => resolvePostgresOptions(options)
  expect(refused).toThrow('HEDDLE_OPTIONS_INVALID: Cannot use postgres({ … }): ')
  expect(refused).toThrow(reason)
})

test('migrations that are told the prefix are taken', () => {
  const options = { url: 'postgres://h', isolation: 'prefix', migrations: { files: '*.sql', command: 'x' } } as const
  expect(resolvePostgresOptions(options).isolation).toBe('prefix')
})
