import { expect, test } from 'vitest'
import { keptName, parseName, runKey, slotName, templateName, testName, workerName } from './names.js'

const HASH = '0123456789'
const key = runKey('2026-11-21-abc', 'main')

test('names consist of what every database takes unquoted, and are short', () => {
  const names = [templateName(HASH), workerName(key, 64), testName(key, 123_456), slotName(HASH, 64), keptName(key, 99)]
  for (const name of names) expect(name).toMatch(/^hdl_[0-9a-z_]{1,35}$/)
})

test('every name tells what it was made of', () => {
  expect(parseName(templateName(HASH))).toEqual({ kind: 'template', key: HASH, number: 0 })
  expect(parseName(workerName(key, 3))).toEqual({ kind: 'worker', key, number: 3 })
  expect(parseName(testName(key, 17))).toEqual({ kind: 'test', key, number: 17 })
  expect(parseName(slotName(HASH, 2))).toEqual({ kind: 'slot', key: '012345', number: 2 })
  expect(parseName(keptName(key, 1))).toEqual({ kind: 'kept', key, number: 1 })
})

test.each([
  'hdl_users',
  'hdl_abcdef_w',
  'hdl_abcdef_w01',
  'hdl_abcdef_w1x',
  'xhdl_abcdef_w1',
  'hdl_tpl_short',
  'HDL_abcdef_w1',
  'hdl_abcdef_w1\n',
])('"%s" is nobody’s of ours', (name) => {
  expect(parseName(name)).toBeUndefined()
})

test('resources of one run have names of their own', () => {
  expect(runKey('run', 'main')).not.toBe(runKey('run', 'other'))
  expect(runKey('run', 'main')).toBe(runKey('run', 'main'))
})
