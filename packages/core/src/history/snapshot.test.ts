import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import { jobKey } from '../workspace/job-key.js'
import { formatSnapshot, planSnapshot, readSnapshot, type Snapshot } from './snapshot.js'

const anyKey = fc
  .tuple(fc.oneof(fc.string(), fc.constantFrom('', 'unit', '__proto__', 'constructor')), fc.string({ unit: 'binary' }))
  .map(([project, path]) => jobKey(project, path))
const anyDurations = fc
  .array(fc.tuple(anyKey, fc.double({ min: 1, max: 1e7, noNaN: true })))
  .map((list) => new Map(list))
const durations = (times: Readonly<Record<string, number>>) => new Map(Object.entries(times))

function written(text: string): string {
  return writeInto(temporaryDir(), 'heddle.durations.json', text)
}

test('any snapshot survives its file', () => {
  const dir = temporaryDir()
  fc.assert(
    fc.property(anyDurations, (list) => {
      const snapshot = planSnapshot(list)
      expect(readSnapshot(writeInto(dir, 'snapshot.json', formatSnapshot(snapshot)))).toEqual(snapshot)
    }),
  )
})

test('projects and files with names that mean something to JavaScript are only names', () => {
  const odd = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
  const snapshot = planSnapshot(new Map(odd.flatMap((project) => odd.map((path) => [jobKey(project, path), 5]))))
  expect(readSnapshot(written(formatSnapshot(snapshot)))).toEqual(snapshot)
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('a snapshot is grouped by project, sorted and rounded to two digits', () => {
  const snapshot = planSnapshot(durations({ 'b.ts': 1234.5, 'a.ts': 3.4, 'b.ts\tunit': 87.2 }))
  expect(JSON.parse(formatSnapshot(snapshot))).toEqual({
    format: 'heddle-durations',
    version: 1,
    medianMs: 87,
    projects: { '': { 'a.ts': 3, 'b.ts': 1200 }, unit: { 'b.ts': 87 } },
  })
  expect(formatSnapshot(snapshot).indexOf('a.ts')).toBeLessThan(formatSnapshot(snapshot).indexOf('b.ts'))
})

test('the text does not depend on the order of the durations', () => {
  fc.assert(
    fc.property(anyDurations, (list) => {
      const reversed = new Map([...list].reverse())
      expect(formatSnapshot(planSnapshot(reversed))).toBe(formatSnapshot(planSnapshot(list)))
    }),
  )
})

test('a second snapshot of the same durations changes nothing', () => {
  fc.assert(
    fc.property(anyDurations, (list) => {
      const first = planSnapshot(list)
      expect(planSnapshot(list, first)).toEqual(first)
    }),
  )
})

test('noise below a quarter changes nothing', () => {
  const noisy = fc.array(
    fc.tuple(anyKey, fc.double({ min: 1, max: 1e7, noNaN: true }), fc.double({ min: 0.88, max: 1.12, noNaN: true })),
  )
  fc.assert(
    fc.property(noisy, (list) => {
      const before = planSnapshot(new Map(list.map(([key, ms]) => [key, ms])))
      const now = new Map(list.map(([key, ms, factor]) => [key, Math.max(1, ms * factor)]))
      expect(planSnapshot(now, before).durations).toEqual(before.durations)
    }),
  )
})

test('a file keeps its value until it differs by a quarter and by 50 ms', () => {
  const previous: Snapshot = {
    durations: durations({ small: 10, slight: 1000, slower: 1000, faster: 1000 }),
    medianMs: 1,
  }
  const now = durations({ small: 55, slight: 1200, slower: 1300, faster: 790 })
  expect(planSnapshot(now, previous).durations).toEqual(
    durations({ faster: 790, slight: 1000, slower: 1300, small: 10 }),
  )
})

test('files that are gone leave, new ones come', () => {
  const previous = planSnapshot(durations({ gone: 100, stays: 100 }))
  expect([...planSnapshot(durations({ stays: 100, fresh: 70 }), previous).durations.keys()]).toEqual(['fresh', 'stays'])
})

test('the median keeps its value as files do', () => {
  const previous: Snapshot = { durations: new Map(), medianMs: 1000 }
  expect(planSnapshot(durations({ a: 1100 }), previous).medianMs).toBe(1000)
  expect(planSnapshot(durations({ a: 2000 }), previous).medianMs).toBe(2000)
})

test('no duration is below 1 ms, and an empty snapshot has a median', () => {
  expect(planSnapshot(durations({ a: 0, b: 0.2 }))).toEqual({ durations: durations({ a: 1, b: 1 }), medianMs: 1 })
  expect(planSnapshot(new Map())).toEqual({ durations: new Map(), medianMs: 1 })
})

test('no file is no snapshot', () => {
  expect(readSnapshot('/nowhere/heddle.durations.json')).toBeUndefined()
})

test.each([
  ['an empty file', ''],
  ['a merge conflict', '<<<<<<< HEAD\n{}'],
  ['another format', '{"format":"other","version":1,"medianMs":1,"projects":{}}'],
  ['a newer version', '{"format":"heddle-durations","version":2}'],
  ['no projects', '{"format":"heddle-durations","version":1,"medianMs":1}'],
  ['a list for projects', '{"format":"heddle-durations","version":1,"medianMs":1,"projects":[]}'],
  ['a number for a project', '{"format":"heddle-durations","version":1,"medianMs":1,"projects":{"a":5}}'],
  ['a time of 0', '{"format":"heddle-durations","version":1,"medianMs":1,"projects":{"":{"a":0}}}'],
  ['a time that is text', '{"format":"heddle-durations","version":1,"medianMs":1,"projects":{"":{"a":"5"}}}'],
  ['a median of 0', '{"format":"heddle-durations","version":1,"medianMs":0,"projects":{}}'],
])('%s is refused instead of guessed around', (_, text) => {
  expect(() => readSnapshot(written(text))).toThrow(/^HEDDLE_SNAPSHOT_UNREADABLE: Cannot read duration snapshot ".*": /)
})

test('a directory in place of the snapshot is refused', () => {
  expect(() => readSnapshot(temporaryDir())).toThrow('HEDDLE_SNAPSHOT_UNREADABLE')
})
