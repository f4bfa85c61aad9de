import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { optionsId } from './options-id.js'

const isSlow = (): boolean => true

test('equal options have one name', () => {
  const create = () => ({ groups: { db: { limit: 2 } }, rules: [{ tests: /@db/i, when: isSlow, group: 'db' }] })
  expect(optionsId(create())).toBe(optionsId(create()))
})

test.each([
  ['expressions', [{ tests: /a/ }], [{ tests: /b/ }]],
  ['their flags', [{ tests: /a/ }], [{ tests: /a/i }]],
  ['an expression and its text', [{ tests: /a/ }], [{ tests: '/a/' }]],
  ['functions', [{ when: () => true }], [{ when: () => true }]],
  ['a function and none', [{ when: isSlow }], [{}]],
  ['a limit and none', { limit: Infinity }, { limit: null }],
])('%s tell options apart', (_, one, other) => {
  expect(optionsId(one)).not.toBe(optionsId(other))
})

test('an expression of another realm is one', () => {
  expect(optionsId(runInNewContext('[/a/g]'))).toBe(optionsId([/a/g]))
})

test('no options have a name, too', () => {
  expect(optionsId(undefined)).toBe(optionsId(undefined))
})
