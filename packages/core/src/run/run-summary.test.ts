import { expect, test } from 'vitest'
import type { Job } from '../plan/job.js'
import { formatMs, formatSummary, summarizeRun, type RunSummary } from './run-summary.js'

const jobs = (...times: number[]): Job[] =>
  times.map((expectedMs, i) => ({
    key: `file-${i}`,
    expectedMs,
    isKnown: true,
    hasFailed: false,
    stage: 0,
    batch: undefined,
  }))
const summary: RunSummary = {
  files: 12,
  workers: 4,
  makespanMs: 12_300,
  lowerBound: { ms: 10_000, key: undefined },
  gainMs: 0,
  waitMs: 0,
}

test('the gain is what slowest first would have saved', () => {
  expect(summarizeRun(jobs(1, 1, 2), { workers: 2, makespanMs: 3.5 })).toEqual({
    files: 3,
    workers: 2,
    makespanMs: 3.5,
    lowerBound: { ms: 2, key: undefined },
    gainMs: 1,
    waitMs: 0,
  })
})

test('an order better than slowest first is no loss', () => {
  expect(summarizeRun(jobs(3, 3, 2, 2, 2), { workers: 2, makespanMs: 6 }).gainMs).toBe(0)
  expect(summarizeRun(jobs(3, 2, 3, 2, 2), { workers: 2, makespanMs: 7 }).gainMs).toBe(0)
})

test('stages and batches limit what could have been saved', () => {
  const staged = jobs(1, 1, 2).map((job, i) => ({ ...job, stage: i }))
  expect(summarizeRun(staged, { workers: 2, makespanMs: 4 }).gainMs).toBe(0)
})

test('a run without files has a summary', () => {
  expect(summarizeRun([], { workers: 4, makespanMs: 0 })).toMatchObject({ files: 0, lowerBound: { ms: 0 }, gainMs: 0 })
})

test('the summary is one line', () => {
  expect(formatSummary(summary)).toBe('12 files on 4 workers in 12.3 s, 1.23× the lower bound (10.0 s)')
})

test('the line names the file that sets the bound', () => {
  expect(formatSummary({ ...summary, lowerBound: { ms: 10_000, key: 'a.test.ts\tunit' } })).toContain(
    '(10.0 s set by unit › a.test.ts)',
  )
})

test('the line names the group that sets the bound, or says how many files exclude each other', () => {
  const bound = { ms: 10_000, key: undefined }
  expect(formatSummary({ ...summary, lowerBound: { ...bound, group: 'postgres' } })).toContain(
    '(10.0 s set by group postgres)',
  )
  expect(formatSummary({ ...summary, lowerBound: { ...bound, chain: 7 } })).toContain(
    '(10.0 s set by 7 files that exclude each other)',
  )
})

test('one is not written as many', () => {
  expect(formatSummary({ ...summary, files: 1, workers: 1 })).toMatch(/^1 file on 1 worker in /)
})

test('a gain is told from 100 ms and 5 % of the run on', () => {
  const gain = '; slowest first will save '
  expect(formatSummary({ ...summary, gainMs: 1500 })).toContain(`${gain}1.5 s next time`)
  expect(formatSummary({ ...summary, gainMs: 614 })).not.toContain(gain)
  expect(formatSummary({ ...summary, gainMs: 615 })).toContain(gain)
  expect(formatSummary({ ...summary, makespanMs: 1000, gainMs: 99 })).not.toContain(gain)
  expect(formatSummary({ ...summary, makespanMs: 1000, gainMs: 100 })).toContain(gain)
})

test('waits for serial tests are told from 100 ms and 5 % of the run on', () => {
  expect(formatSummary({ ...summary, waitMs: 12_345 })).toMatch(/; 12\.3 s waiting for groups and serial tests$/)
  expect(formatSummary({ ...summary, waitMs: 614 })).not.toContain('waiting')
})

test('without a bound there is no ratio', () => {
  expect(formatSummary({ ...summary, makespanMs: 0, lowerBound: { ms: 0, key: undefined } })).toBe(
    '12 files on 4 workers in 0 ms (0 ms)',
  )
})

test.each([
  [0, '0 ms'],
  [0.4, '0 ms'],
  [849.6, '850 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [1000, '1.0 s'],
  [12_345, '12.3 s'],
  [119_900, '119.9 s'],
  [119_960, '2 min 00 s'],
  [120_000, '2 min 00 s'],
  [245_400, '4 min 05 s'],
  [239_700, '4 min 00 s'],
  [3_600_000, '60 min 00 s'],
])('%d ms reads %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text)
})
