import { afterEach, beforeEach, expect, test } from 'vitest'
import { dirWith } from '../../fixtures/directories.js'
import type { GroupClaim } from '../groups/group-lease.js'
import { Leases } from '../leases/leases.js'
import { TicketBackend } from '../leases/ticket-backend.js'
import { FileClaims } from './file-claims.js'
import { claimOf } from './serial-claim.js'

const ledger = claimOf('ledger', 'exclusive')
const db: GroupClaim = { name: 'db', limit: 2, scope: 'workspace', permits: 1 }

let backend: TicketBackend
let leases: Leases

beforeEach(() => {
  backend = new TicketBackend(dirWith({}))
  leases = new Leases(backend, { root: dirWith({}) })
})

afterEach(() => backend.close())

const test1 = { id: '1', test: 'closes' }
const test2 = { id: '2', test: 'opens' }

test('a claim is held until it is given back, under the name of the test', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  const held = await claims.hold(ledger, test1)
  expect(claims.holds('ledger')).toBe(true)
  expect(claims.holds()).toBe(true)
  expect(claims.holds('smtp')).toBe(false)
  expect((await leases.status('ledger')).holders).toMatchObject([{ file: 'a.test.ts', test: 'closes' }])
  await held.release()
  expect(claims.holds()).toBe(false)
  expect((await leases.status('ledger')).holders).toEqual([])
})

test('two tests of one file follow each other, and the wait is counted', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  const first = await claims.hold(ledger, test1)
  const order: string[] = []
  const second = claims.hold(ledger, test2).then((held) => {
    order.push('second')
    return held
  })
  await new Promise((resolve) => setTimeout(resolve, 60))
  order.push('first ends')
  await first.release()
  const held = await second
  expect(order).toEqual(['first ends', 'second'])
  expect(held.waitedMs).toBeGreaterThan(50)
  expect(claims.waitedMs).toBeGreaterThan(50)
  await held.release()
})

test('simultaneous waits count once', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  const startedAt = performance.now()
  const first = await claims.hold(ledger, test1)
  const waitAndRelease = async (id: string): Promise<void> => (await claims.hold(ledger, { id, test: id })).release()
  const early = waitAndRelease('2')
  await new Promise((resolve) => setTimeout(resolve, 60))
  const late = [waitAndRelease('3'), waitAndRelease('4')]
  await first.release()
  await Promise.all([early, ...late])
  expect(claims.waitedMs).toBeGreaterThan(55)
  expect(claims.waitedMs).toBeLessThanOrEqual(performance.now() - startedAt)
})

test('what the block around it holds is not taken again', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  const block = await claims.hold(ledger, { id: 'block', test: 'migrations' })
  const inner = await claims.hold(ledger, test1, [ledger])
  expect(inner.waitedMs).toBe(0)
  await inner.release()
  expect(claims.holds('ledger')).toBe(true)
  await block.release()
})

test('another key inside is refused', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  await claims.hold(ledger, { id: 'block', test: 'migrations' })
  await expect(claims.hold(claimOf('smtp', 'exclusive'), test1, [ledger])).rejects.toThrow('HEDDLE_SERIAL_INVALID')
})

test('a test that asks for what it holds is told so', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  await claims.hold(ledger, test1)
  const again = leases.acquire('ledger', { holder: claims.holderOf('1', []) })
  await expect(again).rejects.toThrow('HEDDLE_LEASE_REENTERED')
})

test('a test inside a block counts as the block', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  await claims.hold(ledger, { id: 'block', test: 'migrations' })
  const again = leases.acquire('ledger', { holder: claims.holderOf('1', [ledger]) })
  await expect(again).rejects.toThrow('HEDDLE_LEASE_REENTERED')
})

test('groups and keys are taken together, each group with a slot', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  const claim = { groups: [db], serial: ledger }
  const first = await claims.hold(claim, test1)
  expect(claims.groupSlotOf('db', [claim])).toBe(1)
  const names = (await leases.statusOfAll()).map(({ name }) => name ?? '?')
  expect(names.sort((a, b) => a.localeCompare(b))).toEqual(['', 'group:db', 'group:db#1', 'ledger'])
  const other = { groups: [db], serial: undefined }
  const second = await claims.hold(other, test2)
  expect(claims.groupSlotOf('db', [other])).toBe(2)
  expect(claims.groupSlotOf('db', [])).toBeUndefined()
  expect(claims.groupSlotOf('smtp', [claim, other])).toBeUndefined()
  await first.release()
  await second.release()
  expect(claims.groupSlotOf('db', [claim])).toBeUndefined()
  expect(await leases.statusOfAll()).toEqual([])
})

test('a test with groups waits for them as for a key', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  const single = { groups: [{ ...db, limit: 1 }], serial: undefined }
  const first = await claims.hold(single, test1)
  const second = claims.hold({ ...single }, test2)
  await new Promise((resolve) => setTimeout(resolve, 60))
  await first.release()
  expect((await second).waitedMs).toBeGreaterThan(50)
  expect(claims.waitedMs).toBeGreaterThan(50)
})

test('what the file holds is not taken again, and its slot is the slot of all tests in it', async () => {
  const claims = new FileClaims(leases, 'a.test.ts', { groups: [db], slots: { db: 7 } })
  const claim = { groups: [db], serial: undefined }
  await claims.hold(claim, test1)
  expect(await leases.statusOfAll()).toEqual([])
  expect(claims.groupSlotOf('db', [claim])).toBe(7)
  expect(claims.groupSlotOf('db', [])).toBe(7)
  const more = { groups: [db, { ...db, name: 'smtp' }], serial: undefined }
  await claims.hold(more, test2)
  expect([claims.groupSlotOf('db', [more]), claims.groupSlotOf('smtp', [more])]).toEqual([7, 1])
})

test('a group before one that the file holds is refused', async () => {
  const claims = new FileClaims(leases, 'a.test.ts', { groups: [db], slots: { db: 1 } })
  const earlier = { groups: [{ ...db, name: 'a' }], serial: undefined }
  await expect(claims.hold(earlier, test1)).rejects.toThrow('HEDDLE_GROUP_ORDER')
})

test('how long each name was held is known, whoever held it', async () => {
  const claims = new FileClaims(leases, 'a.test.ts', { groups: [db], slots: { db: 1 } })
  const held = await claims.hold({ groups: [db, { ...db, name: 'smtp' }], serial: ledger }, test1)
  const inner = await claims.hold(ledger, test2, [ledger])
  await held.release()
  await inner.release()
  expect(claims.held).toEqual([
    { name: 'group:smtp', mode: 'shared', ms: expect.any(Number) },
    { name: 'ledger', mode: 'exclusive', ms: expect.any(Number) },
  ])
})

test('one without a key is alone among keyed ones', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  const keyed = await claims.hold(ledger, test1)
  let isIn = false
  const all = claims.hold(claimOf(undefined, 'exclusive'), test2).then((held) => {
    isIn = true
    return held
  })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(isIn).toBe(false)
  await keyed.release()
  await all
  expect(isIn).toBe(true)
})

test('a claim that cannot be had in time says who holds it', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  await claims.hold(ledger, test1)
  const late = new FileClaims(leases, 'b.test.ts').hold(claimOf({ key: 'ledger', timeoutMs: 30 }, 'exclusive'), test2)
  await expect(late).rejects.toThrow(/HEDDLE_LEASE_TIMEOUT.*"ledger".*a\.test\.ts, "closes"/s)
})

test('a file waits for its groups as long as it takes, a test of it does not', async () => {
  const claim = {
    groups: [{ ...db, permits: 'all' as const }],
    serial: claimOf({ key: 'ledger', timeoutMs: 30 }, 'shared'),
  }
  const first = await new FileClaims(leases, 'a.test.ts').hold(claim, test1)
  const ofTest = new FileClaims(leases, 'b.test.ts').hold(claim, test1)
  const ofFile = new FileClaims(leases, 'c.test.ts').hold(claim, { id: 'file', test: undefined })
  await expect(ofTest).rejects.toThrow('HEDDLE_LEASE_TIMEOUT')
  await first.release()
  await (await ofFile).release()
})

test('at the end of the file everything is given back', async () => {
  const claims = new FileClaims(leases, 'a.test.ts')
  await claims.hold(ledger, test1)
  await claims.hold(claimOf('smtp', 'shared'), test2)
  await claims.releaseAll()
  expect(await leases.statusOfAll()).toEqual([])
})
