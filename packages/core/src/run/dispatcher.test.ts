import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryDir } from '../../fixtures/directories.js'
import { acquireGroups, type GroupClaim } from '../groups/group-lease.js'
import { Leases } from '../leases/leases.js'
import { TicketBackend } from '../leases/ticket-backend.js'
import type { DispatchJob } from './dispatch-job.js'
import { Dispatcher, type Admission } from './dispatcher.js'

const API: GroupClaim = { name: 'api', limit: 1, scope: 'machine', permits: 1 }

/** What several runs on one machine share. */
function machine() {
  const lockDir = temporaryDir()
  const openLeases = (): Leases => {
    const backend = new TicketBackend(lockDir)
    onTestFinished(() => backend.close())
    return new Leases(backend, { root: lockDir, runId: lockDir })
  }
  const printed: string[] = []
  const closed: number[] = []
  const run = (workers: number, limits: Readonly<Record<string, number>> = { api: 1 }, onTake = () => {}) =>
    new Dispatcher({
      workers,
      limits: new Map(Object.entries(limits)),
      leased: new Set(['api']),
      leases: () => {
        onTake()
        return openLeases()
      },
      print: (line) => printed.push(line),
      closeWorker: (slot) => closed.push(slot),
    })
  const leases = openLeases()
  const waiters = async (): Promise<number> =>
    (await leases.status({ name: 'group:api', scope: 'machine' })).waiters.length
  return { run, leases, printed, closed, waiters }
}

const job = (id: string, more: Partial<DispatchJob> = {}): DispatchJob => ({ id, expectedMs: 100, ...more })

const apiJob = (id: string, claim: Partial<GroupClaim> = {}): DispatchJob =>
  job(id, { groups: [{ group: 'api', mode: 'shared' }], claims: [{ ...API, ...claim }] })

/** Announces and requests all, and tells who has been admitted so far. */
function requestAll(dispatcher: Dispatcher, jobs: readonly DispatchJob[]) {
  const admitted = new Map<string, Admission>()
  const refused = new Map<string, unknown>()
  const withdrawn: string[] = []
  dispatcher.announce(jobs)
  for (const { id } of jobs) {
    dispatcher.request(id).then(
      (admission) => (admission === undefined ? withdrawn.push(id) : admitted.set(id, admission)),
      (error: unknown) => refused.set(id, error),
    )
  }
  const until = async (...ids: readonly string[]): Promise<void> =>
    vi.waitFor(() => expect([...admitted.keys()].sort()).toEqual([...ids].sort()), 10_000)
  return { admitted, refused, withdrawn, until }
}

test('as many files as there are workers start at once, the longest first', async () => {
  const { run } = machine()
  const files = requestAll(run(2), [job('a'), job('b', { expectedMs: 300 }), job('c', { expectedMs: 200 })])
  await files.until('b', 'c')
  expect(files.admitted.get('b')?.slot).toBe(1)
  await files.admitted.get('c')?.end()
  await files.until('a', 'b', 'c')
  expect(files.admitted.get('a')?.slot).toBe(2)
})

test('while another run is in a group, other files have the worker', async () => {
  const { run, waiters } = machine()
  const other = requestAll(run(1), [apiJob('theirs')])
  await other.until('theirs')
  const files = requestAll(run(1), [apiJob('ours'), job('free', { expectedMs: 10 })])
  await files.until('free')
  expect(await waiters()).toBe(1)
  await other.admitted.get('theirs')?.end()
  // Its turn came while the worker was busy.
  await vi.waitFor(async () => expect(await waiters()).toBe(0))
  expect(files.admitted.has('ours')).toBe(false)
  await files.admitted.get('free')?.end()
  await files.until('free', 'ours')
  expect(files.admitted.get('ours')?.groupSlots).toEqual({ api: 1 })
})

test('a file that gets its group while all workers are busy does not keep it from their tests', async () => {
  const { run, leases, waiters } = machine()
  const other = requestAll(run(1), [apiJob('theirs')])
  await other.until('theirs')
  const files = requestAll(run(1), [apiJob('ours'), job('free', { expectedMs: 10 })])
  await files.until('free')
  await vi.waitFor(async () => expect(await waiters()).toBe(1))
  // A test of the free file, which has the only worker, stands in line behind ours.
  const inTest = acquireGroups(leases, [API], { timeoutMs: 20_000 })
  await vi.waitFor(async () => expect(await waiters()).toBe(2))
  await other.admitted.get('theirs')?.end()
  await (await inTest).release()
  await files.admitted.get('free')?.end()
  await files.until('free', 'ours')
})

test('members of one group in two runs never have the same number', async () => {
  const { run } = machine()
  const limits = { api: 2 }
  const claim = { limit: 2 }
  const one = requestAll(run(1, limits), [apiJob('a', claim)])
  const two = requestAll(run(1, limits), [apiJob('b', claim)])
  await one.until('a')
  await two.until('b')
  const slots = [one.admitted.get('a'), two.admitted.get('b')].map((admission) => admission?.groupSlots['api'])
  expect(new Set(slots)).toEqual(new Set([1, 2]))
})

test('a file that is withdrawn while it waits for another run leaves the line', async () => {
  const { run, waiters } = machine()
  const other = requestAll(run(1), [apiJob('theirs')])
  await other.until('theirs')
  const dispatcher = run(1)
  const files = requestAll(dispatcher, [apiJob('ours')])
  await vi.waitFor(async () => expect(await waiters()).toBe(1))
  dispatcher.withdraw(['ours'])
  await vi.waitFor(async () => expect(await waiters()).toBe(0))
  expect(files.withdrawn).toEqual(['ours'])
})

test('a file that is withdrawn in the moment in which it gets its group gives it back', async () => {
  const { run, leases } = machine()
  const dispatcher: Dispatcher = run(1, { api: 1 }, () => dispatcher.withdraw(['a']))
  const files = requestAll(dispatcher, [apiJob('a'), job('b', { expectedMs: 1 })])
  await files.until('b')
  expect(files.withdrawn).toEqual(['a'])
  const { holders, waiters } = await leases.status({ name: 'group:api', scope: 'machine' })
  expect([...holders, ...waiters]).toEqual([])
})

test('a file whose group cannot be taken fails, others go on', async () => {
  const { run, leases } = machine()
  const lease = await leases.acquire({ name: 'group:api', scope: 'machine', limit: 7, permits: 7 })
  const files = requestAll(run(1), [apiJob('a'), job('b', { expectedMs: 1 })])
  await files.until('b')
  expect(String(files.refused.get('a'))).toContain('HEDDLE_LEASE_LIMIT_MISMATCH')
  await lease.release()
})

test('a file can be announced again when it has ended', async () => {
  const { run } = machine()
  const dispatcher = run(1)
  const first = requestAll(dispatcher, [job('a')])
  await first.until('a')
  await first.admitted.get('a')?.end()
  const second = requestAll(dispatcher, [job('a')])
  await second.until('a')
})

test('a file can be announced again while it still comes to its end', async () => {
  const { run } = machine()
  const dispatcher = run(2)
  const first = requestAll(dispatcher, [job('a')])
  await first.until('a')
  const second = requestAll(dispatcher, [job('a')])
  await second.until('a')
  expect(second.admitted.get('a')).toMatchObject({ id: 'a', slot: 2 })
})

test('a file can be withdrawn and asked for again at once', async () => {
  const { run } = machine()
  const dispatcher = run(1)
  const first = requestAll(dispatcher, [job('a')])
  dispatcher.withdraw(['a'])
  const second = requestAll(dispatcher, [job('a')])
  await second.until('a')
  expect(first.withdrawn).toEqual(['a'])
})

test('a file that is withdrawn while it takes its group can be asked for again at once', async () => {
  const { run, leases } = machine()
  let second: ReturnType<typeof requestAll> | undefined
  const dispatcher: Dispatcher = run(1, { api: 1 }, () => {
    dispatcher.withdraw(['a'])
    second = requestAll(dispatcher, [apiJob('a')])
  })
  const first = requestAll(dispatcher, [apiJob('a')])
  await vi.waitFor(() => expect(first.withdrawn).toEqual(['a']))
  expect(second).toBeDefined()
  await second?.until('a')
  await second?.admitted.get('a')?.end()
  expect((await leases.status({ name: 'group:api', scope: 'machine' })).holders).toEqual([])
})

test('a file cannot be asked for twice', async () => {
  const { run } = machine()
  const dispatcher = run(1)
  dispatcher.announce([job('a')])
  const once = dispatcher.request('a')
  await expect(dispatcher.request('a')).rejects.toThrow('"a" is requested twice')
  await (await once)?.end()
  await expect(dispatcher.request('a')).rejects.toThrow('Nobody announced "a"')
})

test('the end is told once, however often it is said', async () => {
  const { run } = machine()
  const files = requestAll(run(1), [
    job('a', { expectedMs: 3 }),
    job('b', { expectedMs: 2 }),
    job('c', { expectedMs: 1 }),
  ])
  await files.until('a')
  await Promise.all([files.admitted.get('a')?.end(), files.admitted.get('a')?.end()])
  await files.until('a', 'b')
})

test('what was taken away by force is told', async () => {
  const { run, leases, printed } = machine()
  const files = requestAll(run(1), [apiJob('a')])
  await files.until('a')
  const { id } = await leases.status({ name: 'group:api', scope: 'machine' })
  await leases.break(id)
  await files.admitted.get('a')?.end()
  expect(printed.join('\n')).toContain('HEDDLE_LEASE_LOST')
})

test('nobody is admitted after the end of the run', async () => {
  const { run } = machine()
  const dispatcher = run(1)
  const files = requestAll(dispatcher, [job('a', { expectedMs: 900 }), job('b')])
  await files.until('a')
  dispatcher.close()
  await vi.waitFor(() => expect(files.withdrawn).toEqual(['b']))
  await files.admitted.get('a')?.end()
  await files.until('a')
})

test('a worker that stays gets the next file of its batch, and is to be closed when there is none', async () => {
  const { run, closed } = machine()
  const dispatcher = run(1)
  const files = requestAll(dispatcher, [job('a', { batch: 'x', expectedMs: 9 }), job('b', { batch: 'x' })])
  await files.until('b')
  await files.admitted.get('b')?.end({ keepsWorker: true })
  await files.until('a', 'b')
  expect(files.admitted.get('a')).toMatchObject({ slot: 1, worker: 'kept' })
  await files.admitted.get('a')?.end({ keepsWorker: true })
  expect(closed).toEqual([1])
  dispatcher.closed(1)
  const more = requestAll(dispatcher, [job('c')])
  await more.until('c')
  expect(more.admitted.get('c')).toMatchObject({ slot: 1, worker: 'new' })
})

test('a hint keeps files apart without a slot of their own', async () => {
  const { run } = machine()
  const hints = [{ group: 'serial:ledger', mode: 'exclusive' }] as const
  const files = requestAll(run(2), [job('a', { hints, expectedMs: 900 }), job('b', { hints }), job('c')])
  await files.until('a', 'c')
  expect(files.admitted.get('a')?.groupSlots).toEqual({})
  await files.admitted.get('a')?.end()
  await files.until('a', 'b', 'c')
})
