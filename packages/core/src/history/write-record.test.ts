import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith, temporaryDir, writeInto } from '../../fixtures/directories.js'
import { aRecord } from '../../fixtures/records.js'
import { isHeddleError } from '../errors.js'
import { readHistory } from './read-history.js'
import { replaceFile, writeRecord } from './write-record.js'

const record = aRecord({ 'a.test.ts': 5 })

test('a record that was written is read', () => {
  const dir = join(temporaryDir(), 'history')
  const file = writeRecord(dir, record)
  expect(readHistory([dir])).toEqual({ stored: [{ file, record }], warnings: [] })
})

test('a file is named by the time of its run', () => {
  expect(basename(writeRecord(temporaryDir(), record))).toMatch(/^20260102T030405678Z-[0-9a-f]{8}\.jsonl$/)
})

test('the file of a shard tells which one it is', () => {
  const shard = aRecord({}, { shard: { index: 2, count: 3, fingerprint: 'f' } })
  expect(basename(writeRecord(temporaryDir(), shard))).toMatch(/^20260102T030405678Z-s2of3-[0-9a-f]{8}\.jsonl$/)
})

test('runs that start in the same millisecond have files of their own', () => {
  const dir = temporaryDir()
  for (let i = 0; i < 20; i++) writeRecord(dir, record)
  expect(readdirSync(dir)).toHaveLength(20)
})

test('nothing is left over beside the record', () => {
  const dir = temporaryDir()
  const file = writeRecord(dir, record)
  expect(readdirSync(dir)).toEqual([basename(file)])
})

test('a new state directory ignores itself in git', () => {
  const workspace = temporaryDir()
  writeRecord(join(workspace, '.heddle', 'history'), record)
  expect(readFileSync(join(workspace, '.heddle', '.gitignore'), 'utf8')).toBe('*\n')
  expect(existsSync(join(workspace, '.gitignore'))).toBe(false)
})

test('a directory that was there before is not ours to ignore', () => {
  const workspace = temporaryDir()
  writeRecord(join(workspace, 'history'), record)
  expect(readdirSync(workspace)).toEqual(['history'])
})

test('a .gitignore that was there before stays as it is', () => {
  const workspace = dirWith({ '.heddle/.gitignore': 'history\n' })
  writeRecord(join(workspace, '.heddle', 'history'), record)
  expect(readFileSync(join(workspace, '.heddle', '.gitignore'), 'utf8')).toBe('history\n')
})

test('a history that cannot be made is an error that tells how to move it', () => {
  const file = writeInto(temporaryDir(), 'file', '')
  const write = () => writeRecord(join(file, 'history'), record)
  expect(write).toThrow(expect.toSatisfy(isHeddleError))
  expect(write).toThrow(
    /^HEDDLE_HISTORY_UNWRITABLE: Cannot write history file ".*\.jsonl": ENOTDIR.*\nFix: make the directory writable, or set HEDDLE_DIR/,
  )
})

test('a file in place of the history is an error', () => {
  const file = writeInto(temporaryDir(), 'history', '')
  expect(() => writeRecord(file, record)).toThrow('HEDDLE_HISTORY_UNWRITABLE')
})

test('replacing a file leaves the new text and nothing else', () => {
  const dir = dirWith({ a: 'old' })
  replaceFile(join(dir, 'a'), 'new')
  replaceFile(join(dir, 'b'), 'fresh')
  expect(readdirSync(dir)).toEqual(['a', 'b'])
  expect(['a', 'b'].map((name) => readFileSync(join(dir, name), 'utf8'))).toEqual(['new', 'fresh'])
})

test('replacing what cannot be replaced leaves no half-written file', () => {
  const dir = temporaryDir()
  mkdirSync(join(dir, 'a'))
  expect(() => replaceFile(join(dir, 'a'), 'text')).toThrow()
  expect(readdirSync(dirname(join(dir, 'a')))).toEqual(['a'])
})
