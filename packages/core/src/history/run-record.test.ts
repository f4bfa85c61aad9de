import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { aFile, aHeader, aRecord } from '../../fixtures/records.js'
import { createRunRecord, filesOf, filterRecord, OUTCOMES, type FileRecord } from './run-record.js'

const count = fc.integer({ min: 0, max: 1e6 })
const anyFile: fc.Arbitrary<FileRecord> = fc.record({
  key: fc.string(),
  durationMs: count,
  waitMs: count,
  tests: count,
  retries: count,
  outcome: fc.constantFrom(...OUTCOMES),
  isPartial: fc.boolean(),
  load: count.map((hundredths) => hundredths / 100),
})
const anyFiles = fc.uniqueArray(anyFile, { selector: (file) => file.key })
const byKey = (a: FileRecord, b: FileRecord): number => (a.key < b.key ? -1 : 1)
const onlyFile = (files: readonly FileRecord[]): FileRecord | undefined => filesOf(aRecord(files))[0]

test('a record gives back the files it was made of, sorted by key', () => {
  fc.assert(
    fc.property(anyFiles, (files) => {
      expect(filesOf(createRunRecord(aHeader(), files))).toEqual([...files].sort(byKey))
    }),
  )
})

test('times are whole milliseconds and loads hundredths', () => {
  const { columns } = aRecord([aFile('a', 12.6, { waitMs: 0.4, load: 1.239 })])
  expect(columns).toMatchObject({ durationMs: [13], waitMs: [0], load: [124] })
})

test.each([NaN, Infinity, -Infinity, -5])(
  'a measurement of %d is stored as 0, which every reader understands',
  (ms) => {
    expect(aRecord([aFile('a', ms)]).columns.durationMs).toEqual([0])
  },
)

test('a record of no files is empty', () => {
  expect(filesOf(createRunRecord(aHeader(), []))).toEqual([])
})

test('a file that ran in several unnamed projects is one, with its mean time and all its tests', () => {
  const twins = [
    aFile('a', 100, { tests: 1, retries: 1, load: 0.5 }),
    aFile('a', 200, { tests: 2, waitMs: 30 }),
    aFile('a', 600, { tests: 4, load: 0.2 }),
  ]
  expect(filesOf(aRecord(twins))).toEqual([aFile('a', 300, { tests: 7, retries: 1, waitMs: 10, load: 0.5 })])
})

test.each([
  ['passed', 'failed', 'failed'],
  ['skipped', 'passed', 'passed'],
  ['skipped', 'failed', 'failed'],
  ['failed', 'crashed', 'crashed'],
  ['crashed', 'not-run', 'not-run'],
] as const)('a file that %s in one project and %s in another counts as %s', (one, other, both) => {
  for (const outcomes of [
    [one, other],
    [other, one],
  ]) {
    expect(onlyFile(outcomes.map((outcome) => aFile('a', 1, { outcome })))?.outcome).toBe(both)
  }
})

test('a file is partial as soon as it was in one project', () => {
  expect(onlyFile([aFile('a'), aFile('a', 1, { isPartial: true }), aFile('a')])?.isPartial).toBe(true)
})

test('what files held is kept, in whole milliseconds, sorted, by name and mode', () => {
  const held = [
    { name: 'b', mode: 'shared', ms: 2.6 },
    { name: 'b', mode: 'exclusive', ms: 7 },
    { name: 'a', mode: 'shared', ms: 1 },
    { name: 'a', mode: 'shared', ms: 4 },
    { name: 'c', mode: 'shared', ms: 0.2 },
    { name: 'd', mode: 'shared', ms: NaN },
  ] as const
  const record = aRecord([aFile('x'), aFile('y', 10, { held }), aFile('z', 10, { held: [] })])
  expect(filesOf(record)).toEqual([
    aFile('x'),
    aFile('y', 10, {
      held: [
        { name: 'a', mode: 'shared', ms: 5 },
        { name: 'b', mode: 'exclusive', ms: 7 },
        { name: 'b', mode: 'shared', ms: 3 },
      ],
    }),
    aFile('z', 10),
  ])
  expect(filesOf(filterRecord(record, (key) => key === 'y'))).toEqual(filesOf(record).slice(1, 2))
  expect(aRecord([aFile('x')])).not.toHaveProperty('held')
})

test('twins held what they held on average', () => {
  const db = { name: 'group:db', mode: 'shared' } as const
  const twins = [
    aFile('a', 100, { held: [{ ...db, ms: 90 }] }),
    aFile('a', 200, { held: [{ ...db, ms: 30 }] }),
    aFile('a'),
  ]
  expect(onlyFile(twins)?.held).toEqual([{ ...db, ms: 40 }])
})

test('the order of the files does not matter', () => {
  const shuffled = fc
    .array(anyFile.map((file) => ({ ...file, key: file.key.slice(0, 1) })))
    .chain((files) => fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length })))
  fc.assert(
    fc.property(shuffled, ([files, others]) => {
      expect(aRecord(others)).toEqual(aRecord(files))
    }),
  )
})

test('a filtered record has only the files that were kept', () => {
  fc.assert(
    fc.property(anyFiles, fc.func(fc.boolean()), (files, keep) => {
      const record = aRecord(files)
      const kept = filesOf(record).filter((file) => keep(file.key))
      expect(filesOf(filterRecord(record, keep))).toEqual(kept)
    }),
  )
})

test('a record that keeps all its files stays the same object', () => {
  const record = aRecord({ a: 1, b: 2 })
  expect(filterRecord(record, () => true)).toBe(record)
})
