import { runOf } from './adopt-tests.js'
import { foundTests } from './found-tests.js'
import type { HostRunResult, HostTest, HostTestResult } from './host-types.js'
import type { JestRun } from './jest-run.js'
import { measureResult } from './measure-file.js'

/** Records what runners other than heddle's ran, from Jest's results. @returns whether there was any */
export function recordForeignFiles(run: JestRun, tests: readonly HostTest[], { testResults }: HostRunResult): boolean {
  const foreign = foundTests(run.session.workspace, tests).filter(({ test }) => runOf(test) === undefined)
  const results = new Map(testResults.map((result) => [result.testFilePath, result]))
  const ended = foreign.flatMap(({ key, test }) => {
    const result = results.get(test.path)
    return result === undefined || run.has(key) ? [] : [{ key, result }]
  })
  if (ended.length === 0) return false
  run.begin(foreign, { workers: peakOf(ended.map(({ result }) => result.perfStats)) })
  for (const { key, result } of ended) {
    run.add(key, measureResult(result, result.perfStats.end - result.perfStats.start, false))
  }
  return true
}

type Interval = HostTestResult['perfStats']

/** How many of the intervals overlap at most. An end and a start at the same time do not. */
export function peakOf(intervals: readonly Interval[]): number {
  const changes = intervals.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ])
  let running = 0
  let peak = 1
  for (const { by } of changes.sort((a, b) => a.at - b.at || a.by - b.by)) {
    running += by
    peak = Math.max(peak, running)
  }
  return peak
}
