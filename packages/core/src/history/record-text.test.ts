import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { aFile, aHeader, aRecord } from '../../fixtures/records.js'
import { createRecordParser, formatRecord, type ParsedRecord } from './record-text.js'
import { filesOf, OUTCOMES, type FileRecord, type RunHeader } from './run-record.js'

const text = fc.string({ unit: 'binary' })
const count = fc.integer({ min: 0, max: 2 ** 31 })
const atLeastOne = fc.integer({ min: 1, max: 1000 })
const anyHeld = fc.option(
  fc.array(fc.record({ name: text, mode: fc.constantFrom('shared' as const, 'exclusive' as const), ms: count })),
  { nil: undefined },
)
const anyShard = fc.record({ index: atLeastOne, count: atLeastOne, fingerprint: text })
const anyHeader: fc.Arbitrary<RunHeader> = fc
  .record({
    runId: text,
    isPipeline: fc.boolean(),
    startedAt: fc.maxSafeNat(),
    host: text,
    hostVersion: text,
    root: text,
    platform: text,
    nodeMajor: count,
    workers: atLeastOne,
    cpus: atLeastOne,
    isCold: fc.boolean(),
    shard: fc.option(anyShard, { nil: undefined }),
  })
  .map(({ shard, ...header }) => (shard === undefined ? header : { ...header, shard }))
const anyFile: fc.Arbitrary<FileRecord> = fc.record({
  held: anyHeld,
  key: text,
  durationMs: count,
  waitMs: count,
  tests: count,
  retries: count,
  outcome: fc.constantFrom(...OUTCOMES),
  isPartial: fc.boolean(),
  load: count.map((hundredths) => hundredths / 100),
})
const anyRecord = fc.tuple(fc.array(anyFile), anyHeader).map(([files, header]) => aRecord(files, header))

const parse = (record: string): ParsedRecord => createRecordParser()(record)
const reasonOf = (record: string): string => {
  const parsed = parse(record)
  return parsed.kind === 'unusable' ? parsed.reason : expect.unreachable('it was usable')
}
const ledger = { name: 'ledger', mode: 'exclusive', ms: 4 } as const
const sample = aRecord([aFile('a', 5, { held: [ledger] }), aFile('b\tunit', 7, { outcome: 'failed', load: 0.5 })], {
  shard: { index: 1, count: 2, fingerprint: 'f' },
})
const lines = formatRecord(sample).split('\n')
const withHeader = (changes: object): string =>
  [JSON.stringify({ ...(JSON.parse(lines[0] ?? '') as object), ...changes }), ...lines.slice(1)].join('\n')
const withColumns = (columns: unknown): string => `${lines[0]}\n${lines[1]}\n${JSON.stringify(columns)}\n`

test('any record survives its text', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      expect(parse(formatRecord(record))).toEqual({ kind: 'record', record })
    }),
  )
})

test('a record is three lines, and leaves columns of zeros out', () => {
  expect(formatRecord(aRecord({ b: 0, a: 3 })).split('\n')).toEqual([
    JSON.stringify({ format: 'heddle-history', version: 1, ...aHeader() }),
    '["a","b"]',
    '{"durationMs":[3,0],"tests":[1,1]}',
    '',
  ])
})

test('what files held stands beside the columns, if there is any', () => {
  const db = { name: 'group:db', mode: 'shared', ms: 3.4 } as const
  const record = aRecord([aFile('b', 5, { held: [ledger, db] }), aFile('a', 5), aFile('c', 5, { held: [db] })])
  expect(formatRecord(record).split('\n')[2]).toBe(
    '{"durationMs":[5,5,5],"tests":[1,1,1],"held":[{"name":"group:db","mode":"shared","times":[1,3,2,3]},{"name":"ledger","mode":"exclusive","times":[1,4]}]}',
  )
})

test.each([
  [{}],
  [[null]],
  [[{ name: 'a', mode: 'x', times: [] }]],
  [[{ name: 1, mode: 'shared', times: [] }]],
  [[{ name: 'a', mode: 'shared', times: [0] }]],
  [[{ name: 'a', mode: 'shared', times: [2, 5] }]],
  [[{ name: 'a', mode: 'shared', times: [1, 5, 0, 5] }]],
  [[{ name: 'a', mode: 'shared', times: [0, 0.5] }]],
  [[{ name: 'a', mode: 'shared', times: [0, 0] }]],
])('held %j is damaged', (held) => {
  expect(reasonOf(withColumns({ held }))).toBe('its files are damaged')
})

test('an empty record is one as well', () => {
  expect(parse(formatRecord(aRecord([])))).toEqual({ kind: 'record', record: aRecord([]) })
})

test('a record cut off anywhere is unusable', () => {
  const whole = formatRecord(sample)
  for (let end = 0; end < whole.length; end++) expect(parse(whole.slice(0, end)).kind).toBe('unusable')
})

test('a record with any byte changed gives a sound record or a reason', () => {
  const bytes = Buffer.from(formatRecord(sample))
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const damaged = Buffer.from(bytes)
      for (const [index, byte] of changes) damaged[index] = byte
      expectSound(parse(damaged.toString()))
    }),
    { numRuns: 3000 },
  )
})

test('any text at all gives a sound record or a reason', () => {
  const line = fc.oneof(fc.json(), text, fc.constantFrom(...lines))
  const anyText = fc.array(line, { maxLength: 5 }).map((parts) => parts.join('\n'))
  fc.assert(
    fc.property(anyText, (damaged) => {
      expectSound(parse(damaged))
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['an empty file', '', 'it is not valid JSON (cut off or damaged)'],
  ['JSON that is no object', 'null\n', 'it was not written by heddle'],
  ['a JSON array', '[]\n', 'it was not written by heddle'],
  ['a log of another tool', '{"event":"test"}\n{}\n{}\n', 'it was not written by heddle'],
  ['a header alone', `${lines[0]}`, 'it is cut off'],
  ['a record without columns', `${lines[0]}\n${lines[1]}\n`, 'it is cut off'],
  ['a record without its last line break', lines.slice(0, 3).join('\n'), 'it is cut off'],
  ['a record with unsorted keys', `${lines[0]}\n["b","a"]\n${lines[2]}\n`, 'its files are damaged'],
  ['a record with a key twice', `${lines[0]}\n["a","a"]\n${lines[2]}\n`, 'its files are damaged'],
  ['a record with a key that is no text', `${lines[0]}\n["a",5]\n${lines[2]}\n`, 'its files are damaged'],
  ['a record without a list of keys', `${lines[0]}\n{}\n${lines[2]}\n`, 'its files are damaged'],
])('%s is unusable', (_, record, reason) => {
  expect(reasonOf(record)).toBe(reason)
})

test('a newer version is named, also when everything else is different', () => {
  const reason = 'its format version is 2, this heddle reads 1'
  expect(reasonOf(withHeader({ version: 2 }))).toBe(reason)
  expect(reasonOf('{"format":"heddle-history","version":2}\n')).toBe(reason)
})

test.each([
  ['workers', 0],
  ['cpus', 0],
  ['startedAt', 1.5],
  ['startedAt', -1],
  ['runId', 5],
  ['isCold', 'yes'],
  ['shard', {}],
  ['shard', null],
])('a header with %s = %j is damaged', (name, value) => {
  expect(reasonOf(withHeader({ [name]: value }))).toMatch(/^its header is damaged \(.+\)$/)
})

test('fields of a later minor version are passed over', () => {
  expect(parse(withHeader({ later: 1 }))).toEqual({ kind: 'record', record: sample })
  expect(parse(withColumns({ later: [1] })).kind).toBe('record')
})

test.each([
  ['durationMs', [1]],
  ['durationMs', [1, 2, 3]],
  ['durationMs', [1, -2]],
  ['durationMs', [1, 1.5]],
  ['durationMs', [1, '2']],
  ['durationMs', [1, null]],
  ['durationMs', 'ab'],
  ['outcome', [0, 5]],
  ['outcome', [0, 0.5]],
  ['partial', [0, 2]],
])('a column %s of %j is damaged', (name, column) => {
  expect(reasonOf(withColumns({ [name]: column }))).toBe('its files are damaged')
})

test('a number too large for JSON is damaged', () => {
  expect(reasonOf(`${lines[0]}\n${lines[1]}\n{"durationMs":[1,1e999]}\n`)).toBe('its files are damaged')
})

test('records over the same files share their keys, through whatever comes between', () => {
  const parser = createRecordParser()
  const keysOf = (record: string): readonly string[] | undefined => {
    const parsed = parser(record)
    return parsed.kind === 'record' ? parsed.record.keys : undefined
  }
  const first = keysOf(formatRecord(sample))
  expect(keysOf(`${lines[0]}\n["b","a"]\n{}\n`)).toBeUndefined()
  expect(keysOf(formatRecord(sample))).toBe(first)
  expect(keysOf(formatRecord(aRecord({ c: 1 })))).toEqual(['c'])
  expect(keysOf(formatRecord(sample))).toEqual(first)
})

function expectSound(parsed: ParsedRecord): void {
  if (parsed.kind === 'unusable') {
    expect(parsed.reason).not.toBe('')
    return
  }
  const { keys } = parsed.record
  expect(keys).toEqual([...new Set(keys)].sort())
  for (const file of filesOf(parsed.record)) {
    expect(OUTCOMES).toContain(file.outcome)
    for (const number of [file.durationMs, file.waitMs, file.tests, file.retries, file.load]) {
      expect(number).toBeGreaterThanOrEqual(0)
    }
  }
  expect(parse(formatRecord(parsed.record))).toEqual(parsed)
}
