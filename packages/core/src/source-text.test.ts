import { expect, test } from 'vitest'
import { leadingCommentsOf, literalArgumentsOf, literalsOf, wordsOf } from './source-text.js'

test.each([
  ['', []],
  [`'a'`, ['a']],
  ['["a", `b`]', ['a', 'b']],
  [`[\n  'a',\n]`, ['a']],
])('%j has the values %j', (text, values) => expect(literalsOf(text)).toEqual(values))

test.each(['KEY', "'a' + b", "'a', 'b'", '`${KEY}`', "['a', b]"])('%j has to be run to be known', (text) => {
  expect(literalsOf(text)).toBeUndefined()
})

test('arguments are strings or one list', () => {
  expect(literalArgumentsOf(`'a', "b"`)).toEqual(['a', 'b'])
  expect(literalArgumentsOf(`['a', "b"]`)).toEqual(['a', 'b'])
  expect(literalArgumentsOf('')).toEqual([])
  expect(literalArgumentsOf(`'a', ['b']`)).toBeUndefined()
})

test('comments end where the code begins', () => {
  expect(leadingCommentsOf('#!/usr/bin/env node\n// a\n/* b\n */ /** c */\ncode // d')).toBe(
    '#!/usr/bin/env node\n// a\n/* b\n */ /** c */\n',
  )
  expect(leadingCommentsOf('code')).toBe('')
})

test('words are apart by spaces or commas', () => {
  expect(wordsOf(' a, b  c ')).toEqual(['a', 'b', 'c'])
  expect(wordsOf()).toEqual([])
})
