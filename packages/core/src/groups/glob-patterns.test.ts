import { expect, test } from 'vitest'
import { globPatternsOf, matchesGlobs } from './glob-patterns.js'

const matches = (globs: readonly string[], path: string, dir = ''): boolean =>
  matchesGlobs(globPatternsOf(globs, dir), path)

test.each([
  ['test/db/**', 'test/db/a.test.ts'],
  ['test/db/**', 'test/db/deep/er/a.test.ts'],
  ['./test/*.ts', 'test/a.ts'],
  ['**/*.{slow,e2e}.test.ts', 'a.slow.test.ts'],
  ['test/!(unit)/**', 'test/db/a.ts'],
  ['!(unit)/**', 'db/a.ts'],
  ['test/**', 'test/.hidden/a.ts'],
  ['test/\\[id\\].test.ts', 'test/[id].test.ts'],
])('%j matches %j', (glob, path) => expect(matches([glob], path)).toBe(true))

test.each([
  ['test/db/*', 'test/db/deep/a.ts'],
  ['test/db', 'test/db/a.ts'],
  ['db/**', 'test/db/a.ts'],
  ['!(unit)/**', 'unit/a.ts'],
  ['Test/**', 'test/a.ts'],
])('%j does not match %j', (glob, path) => expect(matches([glob], path)).toBe(false))

test('globs are relative to a directory, whatever its name', () => {
  expect(matches(['test/**'], 'packages/api/test/a.ts', 'packages/api')).toBe(true)
  expect(matches(['test/**'], 'test/a.ts', 'packages/api')).toBe(false)
  expect(matches(['../web/**'], 'packages/web/a.ts', 'packages/api')).toBe(true)
  for (const dir of ['app/[id]', 'app/(shop)', 'a{b,c}', 'x!(y)', 'what+$']) {
    expect(matches(['*.ts'], `${dir}/a.ts`, dir), dir).toBe(true)
  }
})

test('any that includes and none that excludes', () => {
  const globs = ['db/**', 'sql/**', '!**/offline/**']
  expect(matches(globs, 'sql/a.ts')).toBe(true)
  expect(matches(globs, 'sql/offline/a.ts')).toBe(false)
  expect(matches(globs, 'other/a.ts')).toBe(false)
  expect(matches(['!db/**'], 'other/a.ts')).toBe(true)
  expect(matches(['!db/**'], 'pkg/db/a.ts', 'pkg')).toBe(false)
})

test('sources of the patterns mean the same in a worker', () => {
  const { include } = globPatternsOf(['test/**/*.ts'], 'a(b)')
  for (const path of ['a(b)/test/x/y.ts', 'a(b)/test/y.js', 'ab/test/y.ts']) {
    expect(include.map(({ pattern }) => new RegExp(pattern.source).test(path))).toEqual([
      matches(['test/**/*.ts'], path, 'a(b)'),
    ])
  }
})
