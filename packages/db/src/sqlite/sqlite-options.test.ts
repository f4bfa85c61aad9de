import { expect, test } from 'vitest'
import { checkSqliteOptions, sqliteVariables } from './sqlite-options.js'

const TARGET = { file: '/tmp/a.db', url: 'file:/tmp/a.db' }

test('the path and the URL have a variable each', () => {
  expect(sqliteVariables(undefined, TARGET)).toEqual({ DATABASE_FILE: TARGET.file, DATABASE_URL: TARGET.url })
  expect(sqliteVariables({ url: 'DB' }, TARGET)).toEqual({ DB: TARGET.url })
})

test('a single name is for the path', () => {
  expect(sqliteVariables('DB', TARGET)).toEqual({ DB: TARGET.file })
})

test.for([
  [{ perTest: 'rollback' }, '"perTest" cannot be "rollback" without "memory"'],
  [{ memory: true, env: 'X' }, '"env" makes no sense with "memory"'],
  [{ env: { path: 'X' } }, 'must be the name of a variable, or { file, url }'],
] as const)('%j is refused', ([options, words]) => {
  expect(() => checkSqliteOptions(options as object)).toThrow(words)
})

test('all that there is, is taken', () => {
  expect(() => checkSqliteOptions({ memory: true, perTest: 'rollback', migrations: '*.sql' })).not.toThrow()
})
