import { mkdirSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dirWith, temporaryDir, writeInto } from '../../fixtures/directories.js'
import { aFile, aRecord } from '../../fixtures/records.js'
import { isPruneDue, planPrune, pruneHistory } from './prune-history.js'
import { readHistory, type StoredRecord } from './read-history.js'
import { filesOf, type FileRecord, type RunHeader, type RunRecord } from './run-record.js'
import { writeRecord } from './write-record.js'

const whole = (...keys: string[]): FileRecord[] => keys.map((key) => aFile(key))
const partial = (...keys: string[]): FileRecord[] => keys.map((key) => aFile(key, 1, { isPartial: true }))
const notRun = (...keys: string[]): FileRecord[] =>
  keys.map((key) => aFile(key, 0, { outcome: 'not-run', isPartial: true }))

/** Records named by their position, oldest first. */
function stored(...runs: readonly (readonly FileRecord[])[]): StoredRecord[] {
  return runs.map((files, i) => ({ file: `${i}`, record: aRecord(files, { startedAt: i }) }))
}

const always = (): boolean => true
const removed = (records: readonly StoredRecord[], runs: number): readonly string[] =>
  [...planPrune(records, runs, always).remove].sort()

test('the newest runs of a file stay', () => {
  const runs = stored(whole('a'), whole('a'), whole('a'), whole('a'))
  expect(planPrune(runs, 2, always)).toEqual({ remove: ['1', '0'], rewrite: [], goneKeys: [] })
})

test('a history that is not full stays as it is', () => {
  expect(planPrune(stored(whole('a'), whole('a')), 2, always)).toEqual({ remove: [], rewrite: [], goneKeys: [] })
  expect(planPrune([], 2, always)).toEqual({ remove: [], rewrite: [], goneKeys: [] })
})

test('packages of a monorepo do not push each other out', () => {
  const busy = Array.from({ length: 10 }, () => whole('api/a'))
  expect(removed(stored(whole('web/a'), ...busy), 3)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
})

test('a record stays as long as one of its files needs it', () => {
  expect(removed(stored(whole('a', 'rare'), whole('a'), whole('a')), 1)).toEqual(['1'])
})

test('the shards of a run count as one run of each file', () => {
  const run = [whole('a'), whole('b'), whole('c')]
  expect(removed(stored(...run, ...run, ...run), 2)).toEqual(['0', '1', '2'])
})

test('partial runs do not push out whole ones', () => {
  const focused = Array.from({ length: 10 }, () => partial('a'))
  const gone = removed(stored(whole('a'), whole('a'), ...focused), 2)
  expect(gone).not.toContain('0')
  expect(gone).not.toContain('1')
  expect(gone).toHaveLength(8)
})

test('runs that ended before a file do not push out those that measured it', () => {
  const bailed = Array.from({ length: 5 }, () => [...whole('a'), ...notRun('b')])
  expect(removed(stored(whole('a', 'b'), ...bailed), 2)).toEqual(['1', '2', '3'])
})

test('a project called "partial" is no partial run', () => {
  const focused = Array.from({ length: 3 }, () => partial('a'))
  expect(removed(stored(whole('a\tpartial'), whole('a\tpartial'), ...focused), 2)).toEqual(['2'])
})

test('files that are gone leave their records, and records without files leave altogether', () => {
  const plan = planPrune(stored(whole('a', 'gone'), whole('gone'), whole('a')), 5, (key) => key !== 'gone')
  expect(plan).toMatchObject({ remove: ['1'], rewrite: [{ file: '0' }], goneKeys: ['gone'] })
  expect(plan.rewrite[0]?.record).toEqual(aRecord(whole('a'), { startedAt: 0 }))
})

test('a record that is removed anyway is not rewritten', () => {
  const plan = planPrune(stored(whole('a', 'gone'), whole('a')), 1, (key) => key !== 'gone')
  expect(plan).toMatchObject({ remove: ['0'], rewrite: [] })
})

test('each file is looked for once', () => {
  const asked: string[] = []
  planPrune(stored(whole('a', 'b'), whole('a', 'b')), 5, (key) => asked.push(key) > 0)
  expect(asked.sort()).toEqual(['a', 'b'])
})

const anyRuns = fc.array(
  fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), isPartial: fc.boolean() }), {
    selector: (file) => file.key,
  }),
  { maxLength: 12 },
)

test('of every file the newest whole runs are left, and a second pruning finds nothing', () => {
  fc.assert(
    fc.property(anyRuns, fc.integer({ min: 1, max: 3 }), (runs, keep) => {
      const all = stored(...runs.map((files) => files.map(({ key, isPartial }) => aFile(key, 1, { isPartial }))))
      const { remove } = planPrune(all, keep, always)
      const left = all.filter(({ file }) => !remove.includes(file))
      for (const key of ['a', 'b', 'c', 'd']) {
        const expected = wholeRunsOf(all, key).slice(-keep)
        expect(wholeRunsOf(left, key).slice(-keep)).toEqual(expected)
      }
      expect(planPrune(left, keep, always).remove).toEqual([])
    }),
  )
})

function wholeRunsOf(records: readonly StoredRecord[], key: string): string[] {
  return records
    .filter(({ record }) => filesOf(record).some((file) => file.key === key && !file.isPartial))
    .map(({ file }) => file)
}

/** A workspace with a test file and a history of runs over it. */
function workspaceWith(runs: number, keys: readonly string[] = ['a.test.ts']): { workspace: string; dir: string } {
  const workspace = dirWith({ 'a.test.ts': '' })
  const dir = join(workspace, '.heddle', 'history')
  const header = (i: number): Partial<RunHeader> => ({ startedAt: 1000 + i })
  for (let i = 0; i < runs; i++) writeRecord(dir, aRecord(whole(...keys), header(i)))
  return { workspace, dir }
}

test('pruning leaves the newest records on disk and tells what it did', () => {
  const { workspace, dir } = workspaceWith(5, ['a.test.ts', 'b.test.ts'])
  expect(pruneHistory(dir, { runs: 2, workspace })).toEqual({
    removedRecords: 3,
    rewrittenRecords: 2,
    goneKeys: ['b.test.ts'],
  })
  const { stored: left, warnings } = readHistory([dir])
  expect(left.map(({ record }) => [record.header.startedAt, record.keys])).toEqual([
    [1003, ['a.test.ts']],
    [1004, ['a.test.ts']],
  ])
  expect(warnings).toEqual([])
})

test('pruning leaves no lock behind', () => {
  const { workspace, dir } = workspaceWith(3)
  pruneHistory(dir, { runs: 1, workspace })
  expect(readdirSync(join(workspace, '.heddle')).sort()).toEqual(['.gitignore', 'history'])
})

test('pruning leaves alone what it cannot read', () => {
  const { workspace, dir } = workspaceWith(2)
  writeInto(dir, 'newer.jsonl', '{"format":"heddle-history","version":9}\n')
  writeInto(dir, 'notes.txt', '')
  pruneHistory(dir, { runs: 1, workspace })
  expect(readdirSync(dir)).toHaveLength(3)
  expect(readdirSync(dir)).toEqual(expect.arrayContaining(['newer.jsonl', 'notes.txt']))
})

test('nothing happens while another run prunes', () => {
  const { workspace, dir } = workspaceWith(3)
  mkdirSync(`${dir}.lock`)
  expect(pruneHistory(dir, { runs: 1, workspace })).toEqual({ removedRecords: 0, rewrittenRecords: 0, goneKeys: [] })
  expect(readdirSync(dir)).toHaveLength(3)
})

test('a lock left by a run that was killed does not hold forever', () => {
  const { workspace, dir } = workspaceWith(3)
  mkdirSync(`${dir}.lock`)
  utimesSync(`${dir}.lock`, 0, 0)
  expect(pruneHistory(dir, { runs: 1, workspace }).removedRecords).toBe(2)
})

test('a history that does not exist has nothing to prune', () => {
  const workspace = temporaryDir()
  expect(pruneHistory(join(workspace, 'none'), { runs: 1, workspace }).removedRecords).toBe(0)
})

test('a history that cannot be locked is an error with a fix', () => {
  const { workspace, dir } = workspaceWith(3)
  utimesSync(writeInto(workspace, '.heddle/history.lock', 'a file, not a lock'), 0, 0)
  expect(() => pruneHistory(dir, { runs: 1, workspace })).toThrow(
    /^HEDDLE_HISTORY_UNWRITABLE: Cannot prune history ".*": ENOTDIR.*\nFix: make the directory writable/,
  )
})

test('pruning is due once a quarter more runs are there than are to be kept', () => {
  const runsOf = (count: number): RunRecord[] =>
    stored(...Array.from({ length: count }, () => whole('a'))).map(recordOf)
  expect([0, 4, 5, 6].map((count) => isPruneDue(runsOf(count), 4))).toEqual([false, false, false, true])
  expect(isPruneDue(runsOf(25), 20)).toBe(false)
  expect(isPruneDue(runsOf(26), 20)).toBe(true)
})

test('pruning is not due for the many records of many packages', () => {
  const packages = Array.from({ length: 50 }, (_, i) => whole(`${i}`))
  expect(isPruneDue(stored(...packages).map(recordOf), 4)).toBe(false)
})

function recordOf({ record }: StoredRecord): RunRecord {
  return record
}
