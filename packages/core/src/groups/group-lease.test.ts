import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { temporaryDir } from '../../fixtures/directories.js'
import type { Permits } from '../leases/backend.js'
import { Leases } from '../leases/leases.js'
import { TicketBackend } from '../leases/ticket-backend.js'
import { acquireGroups, claimOfMembership, tryAcquireGroups, type GroupClaim } from './group-lease.js'

let root: string
let lockDir: string
let leases: Leases

beforeEach(() => {
  root = temporaryDir()
  lockDir = temporaryDir()
  leases = open()
})

/** As another thread would have them. */
function open(): Leases {
  const backend = new TicketBackend(lockDir)
  onTestFinished(() => backend.close())
  return new Leases(backend, { root, runId: 'run-1' })
}

function claim(name: string, options: Partial<GroupClaim> = {}): GroupClaim {
  return { name, limit: 2, scope: 'workspace', permits: 1, ...options }
}

async function namesInUse(): Promise<string[]> {
  return (await leases.statusOfAll()).map(({ name }) => name ?? '').sort((a, b) => a.localeCompare(b))
}

test('each holder has the smallest free slot', async () => {
  const claims = [claim('db', { limit: 3 })]
  const first = await acquireGroups(leases, claims)
  const second = await acquireGroups(open(), claims)
  expect([first.slots, second.slots]).toEqual([{ db: 1 }, { db: 2 }])
  await first.release()
  const third = await acquireGroups(leases, claims)
  const fourth = await acquireGroups(leases, claims)
  expect([third.slots, fourth.slots]).toEqual([{ db: 1 }, { db: 3 }])
})

test('who finds no permit waits for one, and has its slot', async () => {
  const first = await acquireGroups(leases, [claim('db')])
  await acquireGroups(leases, [claim('db')])
  const third = acquireGroups(open(), [claim('db')])
  expect(await tryAcquireGroups(open(), [claim('db')])).toBeUndefined()
  await new Promise((resolve) => setTimeout(resolve, 30))
  await first.release()
  const held = await third
  expect(held.slots).toEqual({ db: 1 })
  expect(held.waitedMs).toBeGreaterThan(25)
})

test.each(['run', 'workspace', 'machine'] as const)('slots have the scope of their group: %s', async (scope) => {
  await acquireGroups(leases, [claim('db', { scope })])
  expect(await leases.statusOfAll()).toMatchObject([{ scope }, { scope }])
})

test('who takes all is alone, in the first slot', async () => {
  const all = await acquireGroups(leases, [claim('db', { permits: 'all' })])
  expect(all.slots).toEqual({ db: 1 })
  expect(await tryAcquireGroups(leases, [claim('db')])).toBeUndefined()
  await all.release()
  const one = await tryAcquireGroups(leases, [claim('db')])
  expect(one?.slots).toEqual({ db: 1 })
  expect(await tryAcquireGroups(leases, [claim('db', { permits: 'all' })])).toBeUndefined()
})

test('without a limit any number share, in slots of their own, and one alone excludes them', async () => {
  const shared = claim('cache', { limit: Infinity })
  const held = await Promise.all(Array.from({ length: 5 }, async () => acquireGroups(open(), [shared])))
  expect(held.map(({ slots }) => slots['cache'] ?? 0).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
  const alone = claim('cache', { limit: Infinity, permits: 'all' })
  expect(await tryAcquireGroups(leases, [alone])).toBeUndefined()
  for (const one of held) await one.release()
  expect((await tryAcquireGroups(leases, [alone]))?.slots).toEqual({ cache: 1 })
})

test('several permits have one slot', async () => {
  const heavy = await acquireGroups(leases, [claim('db', { limit: 4, permits: 3 })])
  const light = await acquireGroups(leases, [claim('db', { limit: 4 })])
  expect([heavy.slots, light.slots]).toEqual([{ db: 1 }, { db: 2 }])
  expect(await tryAcquireGroups(leases, [claim('db', { limit: 4 })])).toBeUndefined()
})

test('to give back twice gives back once', async () => {
  const held = await acquireGroups(leases, [claim('a'), claim('b')])
  expect(await namesInUse()).toEqual(['group:a', 'group:a#1', 'group:b', 'group:b#1'])
  await Promise.all([held.release(), held.release()])
  const next = await acquireGroups(leases, [claim('a')])
  await held.release()
  expect(await namesInUse()).toEqual(['group:a', 'group:a#1'])
  await next.release()
})

test('slots are given back before the permits that bound them', async () => {
  const order: string[] = []
  const backend = new TicketBackend(lockDir)
  onTestFinished(() => backend.close())
  const recorded = (permits: Permits | undefined, name: string): Permits => ({
    release: async () => {
      order.push(name)
      return permits?.release() ?? true
    },
  })
  const spied = Object.create(backend, {
    take: {
      value: async (...[request, wait]: Parameters<TicketBackend['take']>) =>
        recorded(await backend.take(request, wait), String(request.note.name)),
    },
    tryTake: {
      value: async (...[request]: Parameters<TicketBackend['tryTake']>) =>
        recorded(await backend.tryTake(request), String(request.note.name)),
    },
  }) as TicketBackend
  const held = await acquireGroups(new Leases(spied, { root }), [claim('b'), claim('a')])
  await held.release()
  expect(order).toEqual(['group:a#1', 'group:b#1', 'group:b', 'group:a'])
})

test('if one of several cannot be had, nothing is kept', async () => {
  await acquireGroups(leases, [claim('b', { permits: 'all' })])
  expect(await tryAcquireGroups(leases, [claim('a'), claim('b')])).toBeUndefined()
  await expect(acquireGroups(leases, [claim('a'), claim('b')], { timeoutMs: 20 })).rejects.toThrow(
    /HEDDLE_LEASE_TIMEOUT: Cannot acquire group "b" within 20 ms: held for/,
  )
  const gone = AbortSignal.abort('no longer wanted')
  await expect(acquireGroups(leases, [claim('a')], { signal: gone })).rejects.toBe('no longer wanted')
  expect(await namesInUse()).toEqual(['group:b', 'group:b#1'])
})

test('given up while it waits, nothing is kept', async () => {
  await acquireGroups(leases, [claim('b', { permits: 'all' })])
  const controller = new AbortController()
  const waiting = acquireGroups(leases, [claim('a'), claim('b')], { signal: controller.signal })
  await new Promise((resolve) => setTimeout(resolve, 20))
  controller.abort('enough')
  await expect(waiting).rejects.toBe('enough')
  expect(await namesInUse()).toEqual(['group:b', 'group:b#1'])
})

test('a slot that somebody has without a permit is waited for; who does not wait takes nothing', async () => {
  const squatter = await leases.acquire('group:db#1')
  const single = claim('db', { limit: 1 })
  expect(await tryAcquireGroups(leases, [single])).toBeUndefined()
  expect(await namesInUse()).toEqual(['group:db#1'])
  await expect(acquireGroups(leases, [single], { timeoutMs: 50 })).rejects.toThrow(
    'Cannot acquire slot 1 of group "db" within 50 ms',
  )
  expect(await namesInUse()).toEqual(['group:db#1'])
  const waiting = acquireGroups(leases, [single])
  await squatter.release()
  expect((await waiting).slots).toEqual({ db: 1 })
})

test('two limits of one group are refused with who has the other', async () => {
  await acquireGroups(leases, [claim('db')], { label: { file: 'a.test.ts' } })
  await expect(acquireGroups(open(), [claim('db', { limit: 3 })])).rejects.toThrow(
    /HEDDLE_LEASE_LIMIT_MISMATCH: Cannot acquire group "db" with limit 3: pid \d+ \(a\.test\.ts\) uses it with limit 2\nFix: give the group the same limit in every config/,
  )
})

test('a lock that was broken is told, and the rest is given back all the same', async () => {
  const held = await acquireGroups(leases, [claim('a'), claim('b')])
  const slot = (await leases.statusOfAll()).find(({ name }) => name === 'group:a#1')
  await leases.break(slot?.id ?? '')
  await expect(held.release()).rejects.toThrow('Cannot vouch for slot 1 of group "a"')
  expect(await namesInUse()).toEqual([])
})

test('nothing asked for is nothing held', async () => {
  expect((await acquireGroups(leases, [])).slots).toEqual({})
  expect((await tryAcquireGroups(leases, []))?.slots).toEqual({})
})

test('a membership is a claim of as many permits as it weighs, or of all', () => {
  const group = { name: 'db', limit: 4, scope: 'run' } as const
  const shared = { group: 'db', mode: 'shared' } as const
  expect(claimOfMembership(group, shared, 2)).toEqual({ ...group, permits: 2 })
  expect(claimOfMembership(group, shared, 9).permits).toBe('all')
  expect(claimOfMembership(group, shared, 'all').permits).toBe('all')
  expect(claimOfMembership(group, { group: 'db', mode: 'exclusive' }, 1).permits).toBe('all')
})
