import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { makespanOf } from './makespan.js'
import { scheduleJobs } from './schedule-jobs.js'

const job = (expectedMs: number, stage = 0): { expectedMs: number; stage: number } => ({ expectedMs, stage })

it('gives the next job to the worker that is free first', () => {
  const schedule = scheduleJobs([job(5), job(3), job(3), job(1)], 2)
  expect(schedule.map(({ worker, startMs }) => [worker, startMs])).toEqual([
    [1, 0],
    [2, 0],
    [2, 3],
    [1, 5],
  ])
})

it('starts a stage only when the one before has ended', () => {
  const schedule = scheduleJobs([job(5), job(1), job(1, 1)], 2)
  expect(schedule[2]).toMatchObject({ worker: 1, startMs: 5 })
})

it('never lets two jobs overlap on a worker, and ends with the makespan', () => {
  const jobs = fc.array(fc.record({ expectedMs: fc.integer({ min: 1, max: 50 }), stage: fc.integer({ max: 2 }) }))
  fc.assert(
    fc.property(jobs, fc.integer({ min: 1, max: 5 }), (unsorted, workers) => {
      const sorted = unsorted.toSorted((a, b) => a.stage - b.stage)
      const schedule = scheduleJobs(sorted, workers)
      const freeAt = new Map<number, number>()
      for (const {
        job: { expectedMs },
        worker,
        startMs,
      } of schedule) {
        expect(startMs).toBeGreaterThanOrEqual(freeAt.get(worker) ?? 0)
        expect(worker).toBeLessThanOrEqual(workers)
        freeAt.set(worker, startMs + expectedMs)
      }
      expect(Math.max(0, ...freeAt.values())).toBe(makespanOf(sorted, workers))
    }),
  )
})
