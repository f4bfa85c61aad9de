import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readRecords } from './read-records.js'
import { createTempWorkspace, NOW } from './testing/temp-workspace.js'

it('finds records at any depth, in hidden directories too', () => {
  const { dir, record } = createTempWorkspace()
  const files = [
    record({ 'a.test.ts': 1 }, { dir: 'artifacts/shard-1/.heddle/history' }),
    record({ 'b.test.ts': 1 }, { dir: 'artifacts/shard-2', startedAt: NOW + 1 }),
  ]
  expect(readRecords(dir, ['artifacts']).stored.map(({ file }) => file)).toEqual(files)
})

it('gives a record once, however it was reached', () => {
  const { dir, record, write } = createTempWorkspace()
  record({ 'a.test.ts': 1 }, { dir: 'all/one' })
  write('all/one/damaged.jsonl')
  const { stored, warnings } = readRecords(dir, ['all', 'all/one', join(dir, 'all')])
  expect([stored.length, warnings.length]).toEqual([1, 1])
})

it.each(['nowhere', 'file.txt'])('refuses %s, which is no directory', (name) => {
  const { dir, write } = createTempWorkspace()
  write('file.txt')
  expect(() => readRecords(dir, [name])).toThrow(`HEDDLE_USAGE: Cannot read records in "${join(dir, name)}": `)
})
