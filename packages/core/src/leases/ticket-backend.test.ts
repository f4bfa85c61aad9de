import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import type { PermitRequest } from './backend.js'
import { linuxOwners } from './linux-owners.js'
import { resourceId } from './resource.js'
import { TicketBackend } from './ticket-backend.js'

const REQUEST: PermitRequest = { id: 'ledger-1', permits: 'all', limit: Infinity, note: { name: 'ledger' } }
/** Held by who removes the marks of the dead. */
const MARKS = resourceId({ name: 'marks', scope: 'machine' }, { root: '' })
const NEVER = { signal: new AbortController().signal }

function setUp(lockDir = temporaryDir()) {
  const backend = new TicketBackend(lockDir)
  onTestFinished(() => backend.close())
  const queue = join(lockDir, 'v1/queues', REQUEST.id)
  return { backend, lockDir, queue, tickets: () => (existsSync(queue) ? readdirSync(queue) : []) }
}

/** An owner of this kernel that has never lived. */
function deadOwner(): string {
  return linuxOwners().self.replace(/-\d+-\d+-\d+$/, '-4194305-4194305-1')
}

test('close gives back what is held and what is waited for, and removes what it made', async () => {
  const { backend, lockDir, queue, tickets } = setUp()
  await backend.take(REQUEST, NEVER)
  const waiting = expect(backend.take(REQUEST, NEVER)).rejects.toThrow('closed while it waited')
  expect(tickets()).toHaveLength(2)
  backend.close()
  await waiting
  expect(existsSync(queue)).toBe(false)
  expect(readdirSync(join(lockDir, 'v1/mail'))).toEqual([])
})

test('what close has given back is not reported as lost', async () => {
  const { backend } = setUp()
  const permits = await backend.take(REQUEST, NEVER)
  backend.close()
  expect(await permits.release()).toBe(true)
})

test('close lets those in other processes or copies go on', async () => {
  const { backend, lockDir } = setUp()
  await backend.take(REQUEST, NEVER)
  const waiting = setUp(lockDir).backend.take(REQUEST, NEVER)
  backend.close()
  expect(await (await waiting).release()).toBe(true)
})

test('close twice, or without any use, does no harm', async () => {
  const { backend } = setUp()
  backend.close()
  const before = process.listenerCount('exit')
  await backend.take(REQUEST, NEVER)
  expect(process.listenerCount('exit')).toBe(before + 1)
  backend.close()
  backend.close()
  expect(process.listenerCount('exit')).toBe(before)
})

test('after close it can be used again', async () => {
  const { backend, tickets } = setUp()
  await backend.take(REQUEST, NEVER)
  backend.close()
  const permits = await backend.take(REQUEST, NEVER)
  expect(tickets()).toHaveLength(1)
  expect(await permits.release()).toBe(true)
})

test.runIf(process.platform === 'linux')('the tickets of the dead are removed by who waits behind them', async () => {
  const { backend, queue, tickets } = setUp()
  mkdirSync(queue, { recursive: true })
  for (const number of [1, 2, 3]) writeInto(queue, `${number}_all_inf_${deadOwner()}_x${number}`, '')
  const permits = await backend.take(REQUEST, NEVER)
  expect(tickets()).toHaveLength(1)
  expect(await permits.release()).toBe(true)
})

test.runIf(process.platform === 'linux')('the dead do not keep out who only tries', async () => {
  const { backend, queue } = setUp()
  writeInto(queue, `1_all_inf_${deadOwner()}_x`, '')
  expect(await backend.tryTake(REQUEST)).toBeDefined()
})

test.runIf(process.platform === 'linux')('the limit of a dead one is no mismatch', async () => {
  const { backend, queue } = setUp()
  writeInto(queue, `1_1_4_${deadOwner()}_x`, '')
  const permits = await backend.take({ ...REQUEST, permits: 1, limit: 2 }, NEVER)
  expect(await permits.release()).toBe(true)
})

test('one of whom nobody can tell whether it lives is waited for, until it is broken', async () => {
  const { backend, queue, tickets } = setUp()
  writeInto(queue, '1_all_inf_l-00000000-00000000-7-7-7_x', '{"pid":7,"test":"elsewhere"}')
  const waiting = backend.take(REQUEST, NEVER)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(tickets()).toHaveLength(2)
  expect(await backend.tryTake(REQUEST)).toBeUndefined()
  const unknown = { pid: 7, state: 'unknown', test: 'elsewhere' }
  expect(await backend.status(REQUEST.id)).toMatchObject([{ holders: [unknown], waiters: [{ pid: process.pid }] }])
  expect(await backend.break(REQUEST.id)).toMatchObject([unknown])
  expect(await (await waiting).release()).toBe(true)
})

test('files that are not tickets change nothing', async () => {
  const { backend, queue, tickets } = setUp()
  for (const name of ['.DS_Store', '0_all_inf_x_y', '01_all_inf_x_y', 'x'.repeat(255)]) writeInto(queue, name, '')
  mkdirSync(join(queue, 'directory'))
  const permits = await backend.take(REQUEST, NEVER)
  expect(await permits.release()).toBe(true)
  expect(tickets()).toHaveLength(5)
})

test('a queue that is removed while it is used does not stop those who wait', async () => {
  const { backend, queue } = setUp()
  const first = await backend.take(REQUEST, NEVER)
  const waiting = backend.take(REQUEST, NEVER)
  rmSync(queue, { recursive: true })
  const second = await waiting
  expect(await first.release()).toBe(false)
  expect(await second.release()).toBe(true)
})

test('while it waits, it tells others when it began to hold', async () => {
  const { backend } = setUp()
  const first = await backend.take(REQUEST, NEVER)
  const waiting = backend.take(REQUEST, NEVER)
  await vi.waitFor(async () => {
    const [status] = await backend.status(REQUEST.id)
    expect(status?.waiters[0]?.forMs).toBeGreaterThanOrEqual(300)
  }, 20_000)
  await first.release()
  const second = await waiting
  const [status] = await backend.status(REQUEST.id)
  expect(status?.holders[0]?.forMs).toBeLessThan(300)
  await second.release()
})

/** What a dead owner leaves: a place in two lines, an empty one, a mailbox. */
function leaveLitter(lockDir: string): void {
  const dead = deadOwner()
  writeInto(lockDir, `v1/queues/litter-00000000000000000001/1_all_inf_${dead}_x`, '')
  writeInto(lockDir, `v1/queues/litter-00000000000000000002/1_all_inf_${dead}_x`, '')
  writeInto(lockDir, `v1/queues/litter-00000000000000000002/2_all_inf_l-another-kernel-1-1-1_y`, '')
  mkdirSync(join(lockDir, 'v1/queues/litter-00000000000000000003'))
  mkdirSync(join(lockDir, 'v1/queues/not-a-queue'))
  writeInto(lockDir, `v1/mail/${dead}`, '')
  writeInto(lockDir, 'v1/mail/foreign', '')
}

function expectSwept(lockDir: string): void {
  const queues = readdirSync(join(lockDir, 'v1/queues')).filter((name) => name !== REQUEST.id)
  expect(queues.sort()).toEqual(['litter-00000000000000000002', 'not-a-queue'])
  expect(readdirSync(join(lockDir, 'v1/queues/litter-00000000000000000002'))).toEqual([
    '2_all_inf_l-another-kernel-1-1-1_y',
  ])
  const mail = readdirSync(join(lockDir, 'v1/mail'))
  expect(mail).toContain('foreign')
  expect(mail).not.toContain(deadOwner())
}

test('the first wait of a thread removes what the dead left anywhere', async () => {
  const { backend, lockDir } = setUp()
  leaveLitter(lockDir)
  const held = await backend.take(REQUEST, NEVER)
  expect(readdirSync(join(lockDir, 'v1/queues'))).toContain('litter-00000000000000000001')
  const waiting = backend.take(REQUEST, NEVER)
  expectSwept(lockDir)
  await held.release()
  await (await waiting).release()
})

test('who looks at everything removes what the dead left, each time', async () => {
  const { backend, lockDir } = setUp()
  for (let i = 0; i < 2; i++) {
    leaveLitter(lockDir)
    expect(await backend.status()).toMatchObject([{ holders: [{ state: 'unknown' }] }])
    expectSwept(lockDir)
    rmSync(join(lockDir, 'v1'), { recursive: true })
  }
})

test('a marked name is free again when its owner is dead, and the dead are swept', async () => {
  const { backend, lockDir } = setUp()
  expect(await backend.tryMark('port-1')).toBe(true)
  expect(await backend.tryMark('port-1')).toBe(false)
  const marks = join(lockDir, 'v1/marks')
  for (const name of ['port-2', 'port-3']) symlinkSync(deadOwner(), join(marks, name))
  expect(await backend.tryMark('port-2')).toBe(true)
  expect(readdirSync(marks).sort()).toEqual(['port-1', 'port-2'])
  symlinkSync(deadOwner(), join(marks, 'port-3'))
  const names = (await backend.status()).map(({ name }) => name)
  expect(names.filter((name) => name?.startsWith('port'))).toEqual(['port-1', 'port-2'])
  expect(readdirSync(marks).sort()).toEqual(['port-1', 'port-2'])
  backend.close()
  expect(readdirSync(marks)).toEqual([])
})

test('the marks of the dead are left alone while somebody else looks at them', async () => {
  const { backend, lockDir } = setUp()
  await backend.tryMark('port-1')
  symlinkSync(deadOwner(), join(lockDir, 'v1/marks/port-2'))
  const other = setUp(lockDir).backend
  const alone = await other.take({ id: MARKS, permits: 'all', limit: Infinity, note: {} }, NEVER)
  expect(await backend.tryMark('port-2')).toBe(false)
  await alone.release()
  expect(await backend.tryMark('port-2')).toBe(true)
})

test('a mark can be broken by its name', async () => {
  const { backend } = setUp()
  await backend.tryMark('port-1')
  expect(await backend.break('port-1')).toMatchObject([{ pid: process.pid }])
  expect(await backend.tryMark('port-1')).toBe(true)
})
