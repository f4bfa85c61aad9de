import { expect, test } from 'vitest'
import { splitStatements, wordsOf } from './split-statements.js'

const textsOf = (sql: string): string[] => splitStatements(sql).map((statement) => statement.sql)

test('statements end at semicolons, and know where they begin', () => {
  expect(splitStatements('select 1;\n\n  select 2;\n-- done\n')).toEqual([
    { sql: 'select 1', offset: 0 },
    { sql: 'select 2', offset: 13 },
  ])
})

test.each([
  "select 'a;b'",
  "select 'it''s; fine'",
  String.raw`select E'it\'s; fine'`,
  'select ";"',
  'select /* ; */ 1',
  'select 1 -- ; not here\n + 1',
  'do $$ begin perform 1; end $$',
  'create function f() returns int language sql as $body$ select 1; $body$',
  'create function f() returns int language sql begin atomic select 1; select case when true then 2 else 3 end; end',
])('the semicolon in %s ends nothing', (sql) => {
  expect(textsOf(`${sql}; select 2`)).toEqual([sql, 'select 2'])
})

test('a plain begin is a statement', () => {
  expect(textsOf('begin; select 1; end; select 2;')).toEqual(['begin', 'select 1', 'end', 'select 2'])
})

test('words are what is left without strings, names and comments', () => {
  expect(wordsOf('select \'vacuum\', "vacuum" -- vacuum\n, $$vacuum$$ /* vacuum */ from x')).not.toContain('vacuum')
  expect(wordsOf('VACUUM x; end')).toContain('VACUUM x; end'.slice(0, 8))
})
