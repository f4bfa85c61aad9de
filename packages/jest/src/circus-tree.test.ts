import { expect, test } from 'vitest'
import { Block, stateOf } from '../fixtures/circus.js'
import { blocksAround, blocksIn, fullNameOf, testsIn, willRun } from './circus-tree.js'

test('the full name has no root', () => {
  const root = new Block()
  expect(fullNameOf(root.describe('ledger').describe('bookings').test('adds'))).toBe('ledger bookings adds')
  expect(fullNameOf(root.test('alone'))).toBe('alone')
  expect(fullNameOf(root)).toBe('')
})

test('blocks and tests are found from inside and from outside', () => {
  const root = new Block()
  const outer = root.describe('outer')
  const first = outer.test('first')
  const inner = outer.describe('inner')
  const second = inner.test('second')
  root.test('beside')
  expect(blocksAround(second)).toEqual([inner, outer, root])
  expect(blocksIn(outer)).toEqual([outer, inner])
  expect(testsIn(outer)).toEqual([first, second])
})

test('a test runs unless skip, todo, the focus of others or -t say otherwise', () => {
  const block = new Block().describe('ledger')
  expect(willRun(block.test('plain'), stateOf())).toBe(true)
  expect(willRun(block.test('plain', { mode: null }), stateOf({ testNamePattern: null }))).toBe(true)
  expect(willRun(block.test('skipped', { mode: 'skip' }), stateOf())).toBe(false)
  expect(willRun(block.test('later', { mode: 'todo' }), stateOf())).toBe(false)
  expect(willRun(block.test('plain'), stateOf({ hasFocusedTests: true }))).toBe(false)
  expect(willRun(block.test('focused', { mode: 'only' }), stateOf({ hasFocusedTests: true }))).toBe(true)
  expect(willRun(block.test('plain'), stateOf({ testNamePattern: /^ledger plain$/i }))).toBe(true)
  expect(willRun(block.test('other'), stateOf({ testNamePattern: /plain/i }))).toBe(false)
})
