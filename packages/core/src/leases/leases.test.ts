import * as fc from 'fast-check'
import fs, { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { temporaryDir, writeInto } from '../../fixtures/directories.js'
import type { LeaseRequest } from './lease-request.js'
import { Leases, type AcquireOptions, type TryOptions } from './leases.js'
import { TicketBackend } from './ticket-backend.js'

/** Leases of an own lock directory, as several loaded copies would have them. */
function setUp() {
  const lockDir = temporaryDir()
  const root = temporaryDir()
  const open = (): Leases => {
    const backend = new TicketBackend(lockDir)
    onTestFinished(() => backend.close())
    return new Leases(backend, { root, runId: 'run-1' })
  }
  return { lockDir, leases: open(), open }
}

function ticketsIn(lockDir: string): string[] {
  const queues = join(lockDir, 'v1/queues')
  if (!existsSync(queues)) return []
  return readdirSync(queues).flatMap((queue) =>
    readdirSync(join(queues, queue)).map((name) => join(queues, queue, name)),
  )
}

/** Lets everything run that is due, also on a loaded machine. */
async function settle(lockDir: string, count: number): Promise<void> {
  await vi.waitFor(() => expect(ticketsIn(lockDir)).toHaveLength(count), 20_000)
}

/** Who was in when, observed from within. */
function observe() {
  const events: string[] = []
  const inside = new Map<string, number>()
  let peak = 0
  return {
    events,
    peak: () => peak,
    hold: async (
      leases: Leases,
      request: LeaseRequest | readonly LeaseRequest[],
      who: string,
      weight = 1,
    ): Promise<void> => {
      await leases.withLease(request, async () => {
        events.push(who)
        inside.set(who, weight)
        peak = Math.max(
          peak,
          [...inside.values()].reduce((sum, one) => sum + one, 0),
        )
        for (let i = 0; i < 3; i++) await new Promise(setImmediate)
        inside.delete(who)
      })
    },
  }
}

describe('acquire and release', () => {
  test('what is free is had at once, and nothing is left of it afterwards', async () => {
    const { leases, lockDir } = setUp()
    const lease = await leases.acquire('ledger')
    expect(lease.waitedMs).toBeGreaterThanOrEqual(0)
    expect(ticketsIn(lockDir)).toHaveLength(1)
    await lease.release()
    expect(ticketsIn(lockDir)).toEqual([])
  })

  test('many requests are served one by one, in the order in which they came', async () => {
    const { leases, open } = setUp()
    const copies = [leases, open()]
    const { events, peak, hold } = observe()
    const names = Array.from({ length: 30 }, (_, i) => `${i}`)
    await Promise.all(names.map((who, i) => hold(copies[i % 2] ?? leases, 'ledger', who)))
    expect(events).toEqual(names)
    expect(peak()).toBe(1)
  })

  test('never more permits are out than the limit, and the limit is used', async () => {
    const { leases } = setUp()
    const { peak, hold } = observe()
    const weights = Array.from({ length: 30 }, (_, i) => (i % 3) + 1)
    await Promise.all(weights.map((permits, i) => hold(leases, { name: 'db', limit: 4, permits }, `${i}`, permits)))
    expect(peak()).toBe(4)
  })

  test('shared holders are in together, an exclusive one is alone', async () => {
    const { leases } = setUp()
    const shared = { name: 'ledger', mode: 'shared' } as const
    const readers = [await leases.acquire(shared), await leases.acquire(shared)]
    const events: string[] = []
    const writing = leases.acquire('ledger').then((lease) => (events.push('writer'), lease))
    const reading = leases.acquire(shared).then((lease) => (events.push('reader'), lease))
    await readers[0]?.release()
    expect((await leases.status('ledger')).holders).toHaveLength(1)
    expect(events).toEqual([])
    await readers[1]?.release()
    const writer = await writing
    expect((await leases.status('ledger')).waiters).toHaveLength(1)
    await writer.release()
    await (await reading).release()
    expect(events).toEqual(['writer', 'reader'])
  })

  test('different names do not wait for each other', async () => {
    const { leases } = setUp()
    const [a, b] = [await leases.acquire('a'), await leases.acquire('b')]
    await Promise.all([a.release(), b.release()])
  })

  test('releasing twice gives back once', async () => {
    const { leases } = setUp()
    const first = await leases.acquire('ledger')
    await Promise.all([first.release(), first.release()])
    const second = await leases.acquire('ledger')
    await first.release()
    expect((await leases.status('ledger')).holders).toHaveLength(1)
    await second.release()
  })

  test('several resources are taken without deadlock, in whatever order they are named', async () => {
    const { leases, open } = setUp()
    const other = open()
    const names = ['a', 'b', 'c', 'd', '']
    const random = fc.sample(fc.shuffledSubarray(names, { minLength: 2, maxLength: 3 }), 200)
    const { events, hold } = observe()
    const both = random.map((list, i) => hold(i % 2 === 0 ? leases : other, list, `${i}`))
    await Promise.all(both)
    expect(events).toHaveLength(200)
  })

  test('when one of several cannot be had, none is kept', async () => {
    const { leases, lockDir } = setUp()
    const lease = await leases.acquire('a')
    const names = ['a', 'b', 'c', 'd']
    await expect(leases.acquire(names, { timeoutMs: 1 })).rejects.toMatchObject({ code: 'HEDDLE_LEASE_TIMEOUT' })
    expect(ticketsIn(lockDir)).toHaveLength(1)
    await lease.release()
  })

  test('a holder that is lost is told when it gives back, each time it asks', async () => {
    const { leases, lockDir } = setUp()
    const lease = await leases.acquire(['ledger', 'smtp'])
    for (const file of ticketsIn(lockDir)) if (file.includes('ledger-')) rmSync(file)
    const lost = { code: 'HEDDLE_LEASE_LOST', message: expect.stringContaining('Cannot vouch for "ledger": ') }
    await expect(lease.release()).rejects.toMatchObject(lost)
    await expect(lease.release()).rejects.toMatchObject(lost)
    expect(ticketsIn(lockDir)).toEqual([])
  })

  test('a waiter whose ticket is removed still gets in', async () => {
    const { leases, lockDir } = setUp()
    const lease = await leases.acquire('ledger')
    const held = new Set(ticketsIn(lockDir))
    const waiting = leases.acquire('ledger')
    for (const file of ticketsIn(lockDir)) if (!held.has(file)) rmSync(file)
    await settle(lockDir, 2)
    await lease.release()
    await (await waiting).release()
    expect(ticketsIn(lockDir)).toEqual([])
  })

  test('waiters get in also where letters cannot be sent', async () => {
    const { leases, lockDir, open } = setUp()
    writeInto(lockDir, 'v1/mail', 'a file in the place of the directory')
    const { events, hold } = observe()
    await Promise.all([hold(leases, 'ledger', 'a'), hold(open(), 'ledger', 'b'), hold(leases, 'ledger', 'c')])
    expect(events).toEqual(['a', 'b', 'c'])
  })

  test('nothing that tests replace is used: timers, clock and file functions', async () => {
    const { leases, lockDir, open } = setUp()
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'].concat([
        'Date',
        'performance',
        'hrtime',
        'queueMicrotask',
      ]) as 'Date'[],
    })
    vi.setSystemTime(Date.UTC(2050, 0, 1))
    const names = ['readdirSync', 'openSync', 'unlinkSync', 'statSync', 'utimesSync', 'mkdirSync', 'watch'] as const
    const spies = names.map((name) =>
      vi.spyOn(fs, name).mockImplementation(() => {
        throw new Error('replaced')
      }),
    )
    try {
      const other = open()
      const lease = await leases.acquire('ledger', { label: { test: 'first' } })
      const waiting = other.acquire('ledger')
      await expect(leases.acquire('ledger', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'HEDDLE_LEASE_TIMEOUT' })
      const { holders } = await leases.status('ledger')
      expect(holders).toMatchObject([{ test: 'first' }])
      expect(holders[0]?.forMs).toBeLessThan(3_600_000)
      await lease.release()
      await (await waiting).release()
    } finally {
      for (const spy of spies) spy.mockRestore()
      vi.useRealTimers()
    }
    expect(ticketsIn(lockDir)).toEqual([])
  })
})

describe('giving up', () => {
  test('of several names the error says which one could not be had', async () => {
    const { leases } = setUp()
    const lease = await leases.acquire('smtp')
    await expect(leases.acquire(['ledger', 'smtp', ''], { timeoutMs: 20 })).rejects.toThrow(
      'Cannot acquire "smtp" within 20 ms',
    )
    await lease.release()
  })

  test('who waits too long for a group is told what can be done about groups', async () => {
    const { leases } = setUp()
    const group = { name: 'group:postgres', limit: 1 }
    const lease = await leases.acquire(group, { holder: 'one' })
    const late = leases.acquire(group, { holder: 'two', timeoutMs: 1 })
    await expect(late).rejects.toThrow(/Cannot acquire group "postgres" .*\nFix: .*raise the limit of the group, or/)
    await lease.release()
  })

  test('a time-out names the holder and how many are ahead, and leaves no ticket', async () => {
    const { leases, lockDir } = setUp()
    const lease = await leases.acquire('ledger', { label: { file: 'tests/ledger.test.ts', test: 'closes the year' } })
    const waiting = ['one', 'two'].map((name) => leases.acquire('ledger', { label: { test: name } }))
    await expect(leases.acquire('ledger', { timeoutMs: 20, label: { test: 'last' } })).rejects.toMatchObject({
      code: 'HEDDLE_LEASE_TIMEOUT',
      message: expect.stringMatching(
        new RegExp(
          `^HEDDLE_LEASE_TIMEOUT: Cannot acquire "ledger" within 20 ms: held for \\d+ ms by pid ${process.pid} ` +
            '\\(tests/ledger.test.ts, "closes the year"\\), 2 waiters ahead\nFix: ',
        ),
      ),
    })
    expect(ticketsIn(lockDir)).toHaveLength(3)
    await lease.release()
    for (const one of waiting) await (await one).release()
  })

  test('a time-out of zero still gets what is free', async () => {
    const { leases } = setUp()
    await (await leases.acquire('ledger', { timeoutMs: 0 })).release()
  })

  test.each([-1, Number.NaN])('a time-out of %d is an error', async (timeoutMs) => {
    const { leases, lockDir } = setUp()
    await expect(leases.acquire('ledger', { timeoutMs })).rejects.toMatchObject({ code: 'HEDDLE_LEASE_INVALID' })
    expect(ticketsIn(lockDir)).toEqual([])
  })

  test.each([new Error('enough'), 'enough', undefined, { any: 'thing' }])(
    'an aborted wait is rejected with the reason %j and leaves no ticket',
    async (reason) => {
      const { leases, lockDir } = setUp()
      const lease = await leases.acquire('ledger')
      const controller = new AbortController()
      const waiting = leases.acquire('ledger', { signal: controller.signal })
      controller.abort(reason)
      await expect(waiting).rejects.toBe(controller.signal.reason)
      expect(ticketsIn(lockDir)).toHaveLength(1)
      await lease.release()
    },
  )

  test('a signal that is aborted already takes nothing, not even what is free', async () => {
    const { leases, lockDir } = setUp()
    await expect(leases.acquire('ledger', { signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(ticketsIn(lockDir)).toEqual([])
  })

  test('an abort after the lease was had changes nothing', async () => {
    const { leases } = setUp()
    const controller = new AbortController()
    const lease = await leases.acquire('ledger', { signal: controller.signal })
    controller.abort()
    expect((await leases.status('ledger')).holders).toHaveLength(1)
    await lease.release()
  })

  test('those behind one that gives up go on', async () => {
    const { leases } = setUp()
    const shared = { name: 'ledger', mode: 'shared' } as const
    const lease = await leases.acquire(shared)
    const controller = new AbortController()
    const writing = leases.acquire('ledger', { signal: controller.signal })
    const reading = leases.acquire(shared)
    controller.abort('no')
    await expect(writing).rejects.toBe('no')
    await (await reading).release()
    await lease.release()
  })
})

describe('options', () => {
  test('say what a plain name means, for all that take them', async () => {
    const { leases, open } = setUp()
    await leases.acquire('db', { limit: 2 })
    await leases.tryAcquire(['db'], { limit: 2, permits: 1 })
    expect(await open().tryAcquire('db', { limit: 2 })).toBeUndefined()
    const { limit, holders } = await leases.status('db')
    expect([limit, holders.length]).toEqual([2, 2])
    await leases.withLease(
      'smtp',
      async () => expect(await open().tryAcquire('smtp', { mode: 'shared' })).toBeDefined(),
      {
        mode: 'shared',
      },
    )
  })

  test('that heddle does not know are refused', async () => {
    const { leases } = setUp()
    await expect(leases.acquire('db', { timeout: 5 } as AcquireOptions)).rejects.toThrow(
      'HEDDLE_LEASE_INVALID: Cannot acquire "db": unknown option "timeout", did you mean "timeoutMs"?',
    )
    await expect(leases.tryAcquire([{ name: 'db' }], { timeoutMs: 5 } as TryOptions)).rejects.toThrow(
      'Cannot acquire "db": unknown option "timeoutMs"',
    )
    expect(await leases.statusOfAll()).toEqual([])
  })
})

describe('tryAcquire', () => {
  test('takes what is free', async () => {
    const { leases } = setUp()
    const lease = await leases.tryAcquire(['a', 'b'])
    expect((await leases.status('a')).holders).toHaveLength(1)
    await lease?.release()
  })

  test('leaves no trace when it cannot have everything', async () => {
    const { leases, lockDir } = setUp()
    const lease = await leases.acquire('b')
    const before = ticketsIn(lockDir)
    expect(await leases.tryAcquire(['a', 'b', 'c'])).toBeUndefined()
    expect(ticketsIn(lockDir)).toEqual(before)
    await lease.release()
  })

  test('does not pass those who wait', async () => {
    const { leases } = setUp()
    const shared = { name: 'ledger', mode: 'shared' } as const
    const lease = await leases.acquire(shared)
    const writing = leases.acquire('ledger')
    expect(await leases.tryAcquire(shared)).toBeUndefined()
    await lease.release()
    await (await writing).release()
  })
})

describe('asking again for what one holds', () => {
  const REENTERED = { code: 'HEDDLE_LEASE_REENTERED', message: expect.stringContaining('Cannot acquire "ledger": ') }

  test('is an error inside withLease, at any depth', async () => {
    const { leases } = setUp()
    await leases.withLease('ledger', async () => {
      await Promise.resolve()
      await expect(leases.acquire('ledger')).rejects.toMatchObject(REENTERED)
      await expect(leases.tryAcquire('ledger')).rejects.toMatchObject(REENTERED)
      await leases.withLease('smtp', () => expect(leases.acquire(['x', 'ledger'])).rejects.toMatchObject(REENTERED))
    })
    await (await leases.acquire('ledger')).release()
  })

  test.each<[string, (leases: Leases) => AcquireOptions]>([
    ['by its name', () => ({ holder: 'test 1' })],
    ['by what is running', (leases) => ((leases.currentHolder = () => 'test 1'), {})],
  ])('is an error for a holder that is known %s', async (_, optionsFor) => {
    const { leases } = setUp()
    const options = optionsFor(leases)
    const lease = await leases.acquire('ledger', options)
    await expect(leases.acquire('ledger', options)).rejects.toMatchObject(REENTERED)
    await (await leases.acquire('smtp', options)).release()
    await lease.release()
    await (await leases.acquire('ledger', options)).release()
  })

  test('while it still waits is an error as well, and no error once it gave up', async () => {
    const { leases } = setUp()
    const lease = await leases.acquire('ledger')
    const controller = new AbortController()
    const waiting = leases.acquire('ledger', { holder: 'b', signal: controller.signal })
    await expect(leases.acquire('ledger', { holder: 'b' })).rejects.toMatchObject(REENTERED)
    controller.abort('no')
    await expect(waiting).rejects.toBe('no')
    await lease.release()
    await (await leases.acquire('ledger', { holder: 'b' })).release()
  })

  test('is no error for another holder, which waits', async () => {
    const { leases } = setUp()
    const lease = await leases.acquire('ledger', { holder: 'a' })
    const waiting = leases.acquire('ledger', { holder: 'b' })
    await lease.release()
    await (await waiting).release()
  })
})

describe('withLease', () => {
  test('gives back what the function returns, and the lease', async () => {
    const { leases, lockDir } = setUp()
    expect(await leases.withLease('ledger', () => 42)).toBe(42)
    expect(ticketsIn(lockDir)).toEqual([])
  })

  test('gives the lease back when the function fails', async () => {
    const { leases, lockDir } = setUp()
    const fail = (): never => {
      throw new Error('wrong')
    }
    await expect(leases.withLease('ledger', fail)).rejects.toThrow('wrong')
    expect(ticketsIn(lockDir)).toEqual([])
  })

  test('a lease that was lost is an error, but never hides that of the function', async () => {
    const { leases, lockDir } = setUp()
    const lose = (): void => ticketsIn(lockDir).forEach((file) => rmSync(file))
    await expect(leases.withLease('ledger', lose)).rejects.toMatchObject({ code: 'HEDDLE_LEASE_LOST' })
    const loseAndFail = (): void => {
      lose()
      throw new Error('wrong')
    }
    await expect(leases.withLease('ledger', loseAndFail)).rejects.toThrow('wrong')
  })
})

describe('different limits for one name', () => {
  test('are an error that names both sides', async () => {
    const { leases, lockDir } = setUp()
    const lease = await leases.acquire({ name: 'db', limit: 4 }, { label: { file: 'a.test.ts', test: 'first' } })
    await expect(leases.acquire({ name: 'db', limit: 3 })).rejects.toMatchObject({
      code: 'HEDDLE_LEASE_LIMIT_MISMATCH',
      message: expect.stringContaining(
        `Cannot acquire "db" with limit 3: pid ${process.pid} (a.test.ts, "first") uses it with limit 4\nFix: `,
      ),
    })
    await expect(leases.acquire('db')).rejects.toThrow('Cannot acquire "db" with no limit: ')
    expect(ticketsIn(lockDir)).toHaveLength(1)
    await lease.release()
    await (await leases.acquire({ name: 'db', limit: 3 })).release()
  })
})

describe('status', () => {
  test('tells who holds and who waits, in their order', async () => {
    const { leases } = setUp()
    const lease = await leases.acquire(
      { name: 'db', limit: 2, permits: 2 },
      { label: { file: 'a.test.ts', test: 'a' } },
    )
    const waiting = leases.acquire({ name: 'db', limit: 2 }, { label: { test: 'b' } })
    const one = { pid: process.pid, state: 'running', forMs: expect.any(Number), run: 'run-1', cwd: process.cwd() }
    expect(await leases.status('db')).toEqual({
      id: expect.stringMatching(/^db-/),
      name: 'db',
      scope: 'workspace',
      limit: 2,
      holders: [{ ...one, permits: 2, file: 'a.test.ts', test: 'a' }],
      waiters: [{ ...one, permits: 1, file: undefined, test: 'b' }],
    })
    expect(await leases.statusOfAll()).toEqual([
      expect.objectContaining({
        name: 'db',
        scope: 'workspace',
        limit: 2,
        waiters: [expect.objectContaining({ test: 'b' })],
      }),
    ])
    await lease.release()
    await (await waiting).release()
  })

  test('of what nobody uses is empty, and asking makes nothing', async () => {
    const { leases, lockDir } = setUp()
    expect(await leases.status({ name: 'db', scope: 'machine' })).toEqual({
      id: expect.stringMatching(/^db-/),
      name: 'db',
      scope: 'machine',
      limit: Infinity,
      holders: [],
      waiters: [],
    })
    expect(await leases.statusOfAll()).toEqual([])
    expect(ticketsIn(lockDir)).toEqual([])
  })

  test('of all names everything that is held, and nothing that was', async () => {
    const { leases } = setUp()
    const [a, b] = [await leases.acquire('a'), await leases.acquire({ name: 'b', scope: 'machine' })]
    await (await leases.acquire('c')).release()
    const all = await leases.statusOfAll()
    expect(all.map(({ name, scope }) => `${scope} ${name}`).sort()).toEqual(['machine b', 'workspace a'])
    await Promise.all([a.release(), b.release()])
  })
})

describe('break', () => {
  test('takes it from its holder, who is told; the next one is in', async () => {
    const { leases, open } = setUp()
    const lease = await leases.acquire('ledger', { label: { test: 'a' } })
    const waiting = leases.acquire('ledger', { label: { test: 'b' } })
    const { id } = await leases.status('ledger')
    expect(await open().break(id)).toMatchObject([{ test: 'a' }])
    const next = await waiting
    expect((await leases.status('ledger')).holders).toMatchObject([{ test: 'b' }])
    await expect(lease.release()).rejects.toMatchObject({ code: 'HEDDLE_LEASE_LOST' })
    await next.release()
  })

  test('of what nobody holds takes nothing', async () => {
    const { leases } = setUp()
    expect(await leases.break((await leases.status('ledger')).id)).toEqual([])
  })
})

describe('loading it is enough', () => {
  test('until something is asked for, nothing is created', () => {
    const lockDir = join(temporaryDir(), 'locks')
    expect(new Leases(new TicketBackend(lockDir), { root: '/' })).toBeDefined()
    expect(existsSync(lockDir)).toBe(false)
  })

  test('a lock directory that cannot be trusted is an error, never a lease', async () => {
    const file = writeInto(temporaryDir(), 'locks', '')
    const leases = new Leases(new TicketBackend(file), { root: '/' })
    const ways: (() => Promise<unknown>)[] = [
      () => leases.acquire('a'),
      () => leases.tryAcquire('a'),
      () => leases.withLease('a', () => 1),
      () => leases.statusOfAll(),
    ]
    for (const way of ways) await expect(way()).rejects.toMatchObject({ code: 'HEDDLE_LOCK_DIR_UNUSABLE' })
  })
})

test('a long wait is told about, with the holder', async () => {
  const { leases } = setUp()
  const lines: string[] = []
  leases.onLongWait = (line) => void lines.push(line)
  const lease = await leases.acquire('ledger', { label: { test: 'closes the year' } })
  const waiting = leases.acquire('ledger')
  await vi.waitFor(() => expect(lines).toHaveLength(1), 30_000)
  expect(lines[0]).toMatch(/^waiting for "ledger" since \d+ s: held for \d+ ms by pid \d+ \(.*"closes the year"\)$/)
  await lease.release()
  await (await waiting).release()
}, 60_000)

describe('tryMark', () => {
  test('takes all names or none', async () => {
    const { leases, open } = setUp()
    const other = open()
    const held = await other.tryMark(['b'])
    expect(await leases.tryMark(['a', 'b', 'c'])).toBeUndefined()
    const rest = await leases.tryMark(['a', 'c'])
    expect(rest).toBeDefined()
    await held?.release()
    await held?.release()
    expect(await leases.tryMark(['a'])).toBeUndefined()
    expect(await leases.tryMark(['b'])).toBeDefined()
    await rest?.release()
    expect((await other.statusOfAll()).map(({ name }) => name)).toEqual(['b'])
  })

  test('a second release takes nothing from who has the name by then', async () => {
    const { leases } = setUp()
    const first = await leases.tryMark(['a'])
    await first?.release()
    const second = await leases.tryMark(['a'])
    await first?.release()
    expect(await leases.tryMark(['a'])).toBeUndefined()
    await second?.release()
  })
})
