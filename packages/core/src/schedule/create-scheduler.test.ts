import { expect, test } from 'vitest'
import { createScheduler } from './create-scheduler.js'
import type { Scheduler, SchedulerJob, SchedulerSetup } from './scheduler.js'

const NO_CHANGE = { starts: [], closes: [] }

function aScheduler(setup: Partial<SchedulerSetup> & { limit?: Record<string, number> }): Scheduler {
  return createScheduler({ workers: 4, limits: new Map(Object.entries(setup.limit ?? {})), ...setup })
}

/** Announces and requests all. */
function begin(scheduler: Scheduler, jobs: readonly SchedulerJob[]): string[] {
  scheduler.next({ type: 'announced', jobs }, 0)
  return scheduler.next({ type: 'requested', ids: jobs.map(({ id }) => id) }, 0).starts.map(describeStart)
}

function end(scheduler: Scheduler, id: string, keepsWorker = false): string[] {
  return scheduler.next({ type: 'ended', id, keepsWorker }, 0).starts.map(describeStart)
}

function describeStart({
  id,
  slot,
  worker,
  groupSlots,
}: {
  id: string
  slot: number
  worker: string
  groupSlots: object
}): string {
  const groups = Object.entries(groupSlots).map(([name, number]) => ` ${name}#${number}`)
  return `${id} in ${slot}${worker === 'new' ? '' : ` (${worker})`}${groups.join('')}`
}

const inGroup = (...names: string[]) => names.map((group) => ({ group, mode: 'shared' as const }))
const aloneIn = (group: string) => [{ group, mode: 'exclusive' as const }]

test('nothing starts that is announced only', () => {
  const scheduler = aScheduler({})
  expect(scheduler.next({ type: 'announced', jobs: [{ id: 'a', expectedMs: 1 }] }, 0)).toEqual(NO_CHANGE)
  expect(scheduler.next({ type: 'requested', ids: ['a'] }, 0).starts).toHaveLength(1)
})

test('the longest starts first, in the smallest free slot', () => {
  const scheduler = aScheduler({ workers: 2 })
  expect(
    begin(
      scheduler,
      ['a', 'b', 'c', 'd'].map((id, i) => ({ id, expectedMs: 10 + i })),
    ),
  ).toEqual(['d in 1', 'c in 2'])
  expect(end(scheduler, 'c')).toEqual(['b in 2'])
  expect(end(scheduler, 'd')).toEqual(['a in 1'])
})

test('a group has a limit and numbers of its own', () => {
  const scheduler = aScheduler({ limit: { db: 2 } })
  const jobs = [9, 8, 7, 6].map((expectedMs) => ({ id: `${expectedMs}`, expectedMs, groups: inGroup('db') }))
  expect(begin(scheduler, [...jobs, { id: 'free', expectedMs: 1 }])).toEqual([
    '9 in 1 db#1',
    '8 in 2 db#2',
    'free in 3',
  ])
  expect(end(scheduler, '8')).toEqual(['7 in 2 db#2'])
  expect(end(scheduler, '9')).toEqual(['6 in 1 db#1'])
})

test('the chain of a group goes before a longer file', () => {
  const jobs = [4, 4, 4].map((expectedMs, i) => ({ id: `db${i}`, expectedMs, groups: inGroup('db') }))
  expect(begin(aScheduler({ workers: 1 }), [{ id: 'free', expectedMs: 10 }, ...jobs])).toEqual(['db0 in 1 db#1'])
})

test('who is exclusive has the group alone', () => {
  const scheduler = aScheduler({ limit: { db: 3 } })
  const shared = { expectedMs: 1, groups: inGroup('db') }
  const jobs = [
    { id: 'x', expectedMs: 9, groups: aloneIn('db') },
    { id: 'a', ...shared },
    { id: 'b', ...shared },
  ]
  expect(begin(scheduler, jobs)).toEqual(['x in 1 db#1'])
  expect(end(scheduler, 'x')).toEqual(['a in 1 db#1', 'b in 2 db#2'])
})

test('a job that weighs all the slots runs alone', () => {
  const scheduler = aScheduler({ workers: 3 })
  const jobs = [
    { id: 'all', expectedMs: 9, weight: 'all' as const },
    { id: 'a', expectedMs: 1 },
  ]
  expect(begin(scheduler, jobs)).toEqual(['all in 1'])
  expect(end(scheduler, 'all')).toEqual(['a in 1'])
})

test('a worker that stays is kept for its batch, and told to close when nothing is left for it', () => {
  const scheduler = aScheduler({ workers: 2 })
  const jobs = [5, 4, 3].map((expectedMs) => ({ id: `x${expectedMs}`, expectedMs, batch: 'x' }))
  expect(begin(scheduler, jobs)).toEqual(['x5 in 1', 'x4 in 2'])
  expect(end(scheduler, 'x4', true)).toEqual(['x3 in 2 (kept)'])
  expect(scheduler.next({ type: 'ended', id: 'x5', keepsWorker: true }, 0)).toEqual({ starts: [], closes: [1] })
  expect(scheduler.next({ type: 'closed', slot: 1 }, 0)).toEqual(NO_CHANGE)
  expect(begin(scheduler, [{ id: 'y', expectedMs: 1 }])).toEqual(['y in 1'])
})

test('an idle worker is replaced only when no number is free', () => {
  const scheduler = aScheduler({ workers: 2 })
  const jobs = [
    { id: 'x1', expectedMs: 500, batch: 'x' },
    { id: 'y', expectedMs: 1500, batch: 'y' },
  ]
  expect(begin(scheduler, [...jobs, { id: 'x2', expectedMs: 1, batch: 'x' }])).toEqual(['y in 1', 'x1 in 2'])
  expect(begin(scheduler, [{ id: 'z', expectedMs: 900 }])).toEqual([])
  expect(end(scheduler, 'x1', true)).toEqual(['z in 2 (replacing)'])
})

test('a blocked job lets go of its slot, and nobody overtakes it in its leased groups', () => {
  const scheduler = aScheduler({ workers: 1, limit: { api: 2 }, leased: new Set(['api']) })
  const jobs = [9, 8].map((expectedMs) => ({ id: `api${expectedMs}`, expectedMs, groups: inGroup('api') }))
  expect(begin(scheduler, [...jobs, { id: 'free', expectedMs: 1 }])).toEqual(['api9 in 1 api#1'])
  expect(scheduler.next({ type: 'blocked', id: 'api9' }, 0).starts.map(describeStart)).toEqual(['free in 1'])
  expect(scheduler.next({ type: 'granted', id: 'api9' }, 0)).toEqual(NO_CHANGE)
  expect(end(scheduler, 'free')).toEqual(['api9 in 1 api#1'])
  expect(end(scheduler, 'api9')).toEqual(['api8 in 1 api#1'])
})

test('a blocked job that is withdrawn holds up nobody', () => {
  const scheduler = aScheduler({ limit: { api: 1 }, leased: new Set(['api']) })
  begin(
    scheduler,
    [9, 8].map((expectedMs) => ({ id: `api${expectedMs}`, expectedMs, groups: inGroup('api') })),
  )
  expect(scheduler.next({ type: 'blocked', id: 'api9' }, 0)).toEqual(NO_CHANGE)
  expect(scheduler.next({ type: 'withdrawn', ids: ['api9'] }, 0).starts.map(describeStart)).toEqual(['api8 in 1 api#1'])
})

test('events that cannot be are refused', () => {
  const scheduler = aScheduler({})
  begin(scheduler, [{ id: 'a', expectedMs: 1 }])
  expect(() => scheduler.next({ type: 'requested', ids: ['b'] }, 0)).toThrow('"b" is unknown')
  expect(() => scheduler.next({ type: 'granted', id: 'a' }, 0)).toThrow('"a" is started, not blocked')
  expect(() => scheduler.next({ type: 'announced', jobs: [{ id: 'a', expectedMs: 1 }] }, 0)).toThrow('announced twice')
})

test('priority goes before rank, and rank before the longest', () => {
  const jobs = [
    { id: 'long', expectedMs: 9, rank: 1 },
    { id: 'failed', expectedMs: 2 },
    { id: 'first', expectedMs: 1, rank: 1, priority: 5 },
  ]
  expect(begin(aScheduler({ workers: 3 }), jobs)).toEqual(['first in 1', 'failed in 2', 'long in 3'])
})

test('nothing is kept idle for a heavy file until a moment that nobody knows, unless it has priority', () => {
  const startsBeside = (more: Partial<SchedulerJob>): string[] => {
    const scheduler = aScheduler({ workers: 2 })
    begin(scheduler, [{ id: 'first', expectedMs: 10, isKnown: more.isKnown ?? true }])
    return begin(scheduler, [
      { id: 'heavy', expectedMs: 100, weight: 2, ...more },
      { id: 'light', expectedMs: 50 },
    ])
  }
  expect(startsBeside({ isKnown: true })).toEqual([])
  expect(startsBeside({ isKnown: false })).toEqual(['light in 2'])
  expect(startsBeside({ isKnown: false, priority: 1 })).toEqual([])
})

test('of equally urgent files the longest goes first, of equally long ones the one announced first', () => {
  const jobs = [
    { id: 'short', expectedMs: 1, groups: inGroup('db') },
    { id: 'long', expectedMs: 5, groups: inGroup('db', 'api') },
  ]
  expect(begin(aScheduler({}), jobs)).toEqual(['long in 1 db#1 api#1'])
  const equals = ['d', 'b', 'e', 'a', 'c'].map((id) => ({ id, expectedMs: 3, groups: inGroup(id) }))
  expect(begin(aScheduler({ workers: 5 }), equals).map((start) => start[0])).toEqual(['d', 'b', 'e', 'a', 'c'])
})

test('of members that take much of a group, the chain of those that exclude each other counts', () => {
  const heavy = [5, 5].map((expectedMs, i) => ({ id: `heavy${i}`, expectedMs, weight: 3, groups: inGroup('db') }))
  const [first] = begin(aScheduler({ workers: 8, limit: { db: 4 } }), [{ id: 'free', expectedMs: 9 }, ...heavy])
  expect(first).toBe('heavy0 in 1 db#1')
})

test('a file that finds its worker goes before one that is longer by less than a worker costs', () => {
  const scheduler = aScheduler({ workers: 1, switchCostMs: 100 })
  const jobs = [
    { id: 'x1', expectedMs: 500, batch: 'x' },
    { id: 'x2', expectedMs: 10, batch: 'x' },
  ]
  begin(scheduler, [...jobs, { id: 'y1', expectedMs: 90 }, { id: 'y2', expectedMs: 120 }])
  expect(end(scheduler, 'x1', true)).toEqual(['y2 in 1 (replacing)'])
  const other = aScheduler({ workers: 1, switchCostMs: 100 })
  begin(other, [...jobs, { id: 'y1', expectedMs: 90 }])
  expect(end(other, 'x1', true)).toEqual(['x2 in 1 (kept)'])
})

/** Four workers, one of which is busy for 10 ms, and a file that needs all of them; can another start before it? */
function startsBefore(expectedMs: number, nowMs: number): boolean {
  const scheduler = aScheduler({})
  begin(scheduler, [{ id: 'first', expectedMs: 10 }])
  begin(scheduler, [{ id: 'heavy', expectedMs: 100, weight: 4 }])
  scheduler.next({ type: 'announced', jobs: [{ id: 'light', expectedMs }] }, nowMs)
  return scheduler.next({ type: 'requested', ids: ['light'] }, nowMs).starts.length > 0
}

test('before a heavy file starts what is over by then, or so soon after that more idle time is avoided than caused', () => {
  expect([1, 10, 11, 12].map((expectedMs) => startsBefore(expectedMs, 0))).toEqual([true, true, true, false])
})

test('what is overdue is expected to take as long again', () => {
  expect([9, 30, 33, 35].map((expectedMs) => startsBefore(expectedMs, 30))).toEqual([true, true, true, false])
})

test('while a job that has its leased permits waits for room, nothing takes it away', () => {
  const scheduler = aScheduler({ workers: 2, limit: { api: 1 }, leased: new Set(['api']) })
  begin(scheduler, [{ id: 'api', expectedMs: 9, weight: 2, groups: inGroup('api') }])
  scheduler.next({ type: 'blocked', id: 'api' }, 0)
  expect(begin(scheduler, [{ id: 'a', expectedMs: 3 }])).toEqual(['a in 1'])
  expect(scheduler.next({ type: 'granted', id: 'api' }, 0)).toEqual(NO_CHANGE)
  expect(begin(scheduler, [{ id: 'b', expectedMs: 2 }])).toEqual([])
  expect(end(scheduler, 'a')).toEqual(['api in 1 api#1'])
})
