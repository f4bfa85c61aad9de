import * as v from 'valibot'
import { expect, test } from 'vitest'
import {
  checkOptions,
  functionSchema,
  migrationsSchema,
  nonEmptyText,
  perTestSchema,
  textsSchema,
} from './check-options.js'

const ENTRIES = {
  url: v.optional(nonEmptyText()),
  files: v.optional(textsSchema),
  perTest: perTestSchema(['reset', 'clone']),
  seed: v.optional(functionSchema),
  migrations: v.optional(migrationsSchema),
}

function check(options: unknown, describeFlaws?: () => string[]): unknown {
  return checkOptions(options, { place: 'postgres({ … })', entries: ENTRIES, ...(describeFlaws && { describeFlaws }) })
}

test('options that are right come back as they are', () => {
  const options = { url: 'x', files: ['a', 'b'], perTest: 'clone', seed: () => 1, migrations: 'm/*.sql' }
  expect(check(options)).toEqual(options)
})

test('all problems come in one error, unknown options with what was probably meant', () => {
  expect(() => check({ url: '', perTest: 'often', seed: 5, migration: 'x' })).toThrow(
    /^HEDDLE_OPTIONS_INVALID: Cannot use postgres\(\{ … \}\): "url" must not be empty, got ""; "perTest" must be .*"often"; "seed" must be a function, got 5; unknown option "migration", did you mean "migrations"\?/,
  )
})

test('what makes no sense together is told as well', () => {
  expect(() => check({}, () => ['x and y'])).toThrow('Cannot use postgres({ … }): x and y')
})

test.each([5, null, [], 'x'].map((options) => ({ options })))('$options is no options', ({ options }) => {
  expect(() => check(options)).toThrow('HEDDLE_OPTIONS_INVALID')
})

test.each([
  'm/*.sql',
  ['a.sql', 'b.sql'],
  { files: 'm/*', run: async () => {} },
  { files: ['m/*'], command: 'npx drizzle-kit migrate' },
])('%j are migrations', (migrations) => {
  expect(check({ migrations })).toEqual({ migrations })
})

test.each([
  5,
  '',
  {},
  { files: 'm' },
  { run: async () => {} },
  { files: 'm', run: 'x' },
  { files: 'm', command: '' },
  { files: 'm', run: async () => {}, command: 'x' },
  { files: 'm', command: 'x', cwd: 'y' },
])('%j are no migrations', (migrations) => {
  expect(() => check({ migrations })).toThrow(
    '"migrations" must be globs of files, { files, run } or { files, command }',
  )
})
