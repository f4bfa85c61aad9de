import { mkdirSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { dirWith, temporaryDir, writeInto } from '../../fixtures/directories.js'
import { aRecord } from '../../fixtures/records.js'
import { readHistory, recordFilesIn } from './read-history.js'
import { formatRecord } from './record-text.js'

const textAt = (startedAt: number, key = 'a'): string => formatRecord(aRecord({ [key]: 1 }, { startedAt }))
const startsOf = (dirs: readonly string[]): number[] =>
  readHistory(dirs).stored.map(({ record }) => record.header.startedAt)

test('every record comes with the file it is from', () => {
  const dir = dirWith({ 'one.jsonl': textAt(1) })
  expect(readHistory([dir])).toEqual({
    stored: [{ file: join(dir, 'one.jsonl'), record: aRecord({ a: 1 }, { startedAt: 1 }) }],
    warnings: [],
  })
})

test('records come oldest first by the start of their runs, whatever their names', () => {
  const dir = dirWith({ 'a.jsonl': textAt(30), 'b.jsonl': textAt(10), 'c.jsonl': textAt(20) })
  expect(startsOf([dir])).toEqual([10, 20, 30])
})

test('records of runs that started together come by name', () => {
  const dir = dirWith({ 'b.jsonl': textAt(1, 'b'), 'a.jsonl': textAt(1, 'a') })
  expect(readHistory([dir]).stored.map(({ file }) => basename(file))).toEqual(['a.jsonl', 'b.jsonl'])
  const dirs = [join(dir, 'y'), join(dir, 'x')]
  for (const path of dirs) writeInto(path, 'c.jsonl', textAt(1))
  expect(readHistory(dirs).stored.map(({ file }) => file)).toEqual(
    ['x/c.jsonl', 'y/c.jsonl'].map((path) => join(dir, path)),
  )
})

test('several directories make one history', () => {
  expect(startsOf([dirWith({ 'a.jsonl': textAt(3) }), dirWith({ 'a.jsonl': textAt(2) })])).toEqual([2, 3])
})

test('artefacts of shards are found in folders of their own', () => {
  const dir = dirWith({
    'root.jsonl': textAt(4),
    'shard-1/history/a.jsonl': textAt(3),
    'shard-2/history/a.jsonl': textAt(2),
  })
  expect(startsOf([dir])).toEqual([2, 3, 4])
})

test('a directory that does not exist is an empty history', () => {
  expect(readHistory([join(temporaryDir(), 'none')])).toEqual({ stored: [], warnings: [] })
  expect(readHistory([])).toEqual({ stored: [], warnings: [] })
})

test('a file in place of the directory is a warning', () => {
  const file = writeInto(temporaryDir(), 'history', '')
  expect(readHistory([file])).toEqual({
    stored: [],
    warnings: [expect.stringContaining(`Skipped history directory "${file}": ENOTDIR`) as string],
  })
})

test('a directory in place of a record is a warning', () => {
  const dir = dirWith({ 'a.jsonl': textAt(1) })
  mkdirSync(join(dir, 'b.jsonl'))
  const { stored, warnings } = readHistory([dir])
  expect(stored).toHaveLength(1)
  expect(warnings).toEqual([expect.stringContaining(`Skipped history file "${join(dir, 'b.jsonl')}": EISDIR`)])
})

test('a record that vanishes between listing and reading is no warning', () => {
  const dir = dirWith({ 'a.jsonl': textAt(1) })
  symlinkSync(join(dir, 'gone'), join(dir, 'b.jsonl'))
  expect(readHistory([dir])).toMatchObject({ stored: [{}], warnings: [] })
})

test('files of other kinds are left alone', () => {
  const dir = dirWith({ 'a.jsonl.12345': 'half', 'a.jsonl': textAt(1), 'notes.txt': '', '.gitignore': '*\n' })
  expect(readHistory([dir])).toMatchObject({ stored: [{}], warnings: [] })
})

test('each unusable file costs one warning with its reason, and no record', () => {
  const dir = dirWith({
    'corrupt.jsonl': '{"format',
    'cut.jsonl': textAt(1).slice(0, -5),
    'empty.jsonl': '',
    'foreign.jsonl': '{"event":"start"}\n{"event":"end"}\n',
    'newer.jsonl': '{"format":"heddle-history","version":7}\n',
    'usable.jsonl': textAt(1),
  })
  const { stored, warnings } = readHistory([dir])
  expect(stored.map(({ file }) => basename(file))).toEqual(['usable.jsonl'])
  expect(warnings).toEqual([
    `Skipped history file "${join(dir, 'corrupt.jsonl')}": it is not valid JSON (cut off or damaged); delete it to be rid of this line`,
    `Skipped history file "${join(dir, 'cut.jsonl')}": it is cut off; delete it to be rid of this line`,
    `Skipped history file "${join(dir, 'empty.jsonl')}": it is not valid JSON (cut off or damaged); delete it to be rid of this line`,
    `Skipped history file "${join(dir, 'foreign.jsonl')}": it was not written by heddle; delete it to be rid of this line`,
    `Skipped history file "${join(dir, 'newer.jsonl')}": its format version is 7, this heddle reads 1; delete it to be rid of this line`,
  ])
})

test('one unreadable directory does not hide the others', () => {
  const file = writeInto(temporaryDir(), 'history', '')
  const { stored, warnings } = readHistory([file, dirWith({ 'a.jsonl': textAt(1) })])
  expect([stored.length, warnings.length]).toEqual([1, 1])
})

test('the files of a directory are listed by path', () => {
  const dir = dirWith({ 'b.jsonl': '', 'a.jsonl': '', 'c.txt': '', 'a/z.jsonl': '' })
  expect(recordFilesIn(dir)).toEqual(['a.jsonl', join('a', 'z.jsonl'), 'b.jsonl'].map((name) => join(dir, name)))
})
