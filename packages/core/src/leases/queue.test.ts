import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aTicket, queues } from '../../fixtures/tickets.js'
import { aheadOf, mustWithdraw, nextAfter, nextNumber, splitQueue } from './queue.js'
import type { Ticket } from './ticket.js'

/** The rule, said in another way: one is in if everybody before it is in and all of them fit beside it. */
function isInByTheRule(tickets: readonly Ticket[], own: Ticket): boolean {
  const upToOwn = tickets.filter((other) => other === own || isBefore(other, own))
  const [...others] = upToOwn.filter((other) => other !== own)
  if (others.length === 0) return true
  if (!others.every((other) => isInByTheRule(tickets, other))) return false
  if (upToOwn.some(({ permits }) => permits === 'all')) return false
  const sum = upToOwn.reduce((total, { permits }) => total + Number(permits), 0)
  return upToOwn.every(({ limit }) => sum <= limit)
}

function isBefore(a: Ticket, b: Ticket): boolean {
  return a.number < b.number || (a.number === b.number && a.owner < b.owner)
}

function byPlace(a: Ticket, b: Ticket): number {
  return isBefore(a, b) ? -1 : 1
}

describe('splitQueue', () => {
  test('lets in whom the rule lets in, in any crowd', () => {
    fc.assert(
      fc.property(queues(), (tickets) => {
        const { holders, waiters } = splitQueue(tickets)
        const isIn = (ticket: Ticket): boolean => isInByTheRule(tickets, ticket)
        expect(holders).toEqual(tickets.filter(isIn).sort(byPlace))
        expect(waiters).toEqual(tickets.filter((ticket) => !isIn(ticket)).sort(byPlace))
      }),
      { numRuns: 2000 },
    )
  })

  test('never lets in more than the limit, nor anybody beside an exclusive holder', () => {
    fc.assert(
      fc.property(queues(), (tickets) => {
        const { holders } = splitQueue(tickets)
        const taken = holders.map(({ permits }) => (permits === 'all' ? Infinity : permits))
        const total = taken.reduce((sum, permits) => sum + permits, 0)
        if (holders.length > 1) expect(total).toBeLessThanOrEqual(holders[0]?.limit ?? 0)
        if (taken.includes(Infinity)) expect(holders).toHaveLength(1)
      }),
    )
  })

  test('lets somebody in whenever somebody is there', () => {
    fc.assert(
      fc.property(queues(), (tickets) => {
        expect(splitQueue(tickets).holders.length > 0).toBe(tickets.length > 0)
      }),
    )
  })

  test('who leaves never puts anybody out', () => {
    const crowds = queues().filter(({ length }) => length > 0)
    fc.assert(
      fc.property(crowds, fc.nat(), (tickets, choice) => {
        const gone = tickets[choice % tickets.length]
        const rest = tickets.filter((ticket) => ticket !== gone)
        const inBefore = splitQueue(tickets).holders.filter((ticket) => ticket !== gone)
        expect(splitQueue(rest).holders).toEqual(expect.arrayContaining(inBefore))
      }),
    )
  })

  test('who comes changes nothing for those before it', () => {
    fc.assert(
      fc.property(queues(), (tickets) => {
        const latest = aTicket(7, 'all', { limit: tickets[0]?.limit ?? 1 })
        expect(splitQueue([...tickets, latest]).holders).toEqual(
          tickets.length === 0 ? [latest] : splitQueue(tickets).holders,
        )
      }),
    )
  })

  test('a heavy one is not overtaken by light ones behind it', () => {
    const tickets = [aTicket(1, 1), aTicket(2, 3), aTicket(3, 1)].map((ticket) => ({ ...ticket, limit: 3 }))
    expect(splitQueue(tickets)).toEqual({ holders: [tickets[0]], waiters: [tickets[1], tickets[2]] })
  })

  test('shared ones do not pass an exclusive one that waits', () => {
    const tickets = [aTicket(1, 1), aTicket(2, 'all'), aTicket(3, 1)]
    expect(splitQueue(tickets)).toEqual({ holders: [tickets[0]], waiters: [tickets[1], tickets[2]] })
  })

  test('of two limits the smaller counts', () => {
    const tickets = [aTicket(1, 1, { limit: 5 }), aTicket(2, 1, { limit: 2 }), aTicket(3, 1, { limit: 5 })]
    expect(splitQueue(tickets).holders).toEqual(tickets.slice(0, 2))
  })

  test('of equal numbers only one exclusive ticket is in, the same for everyone who looks', () => {
    const [a, b] = [aTicket(1, 'all', { owner: 'a' }), aTicket(1, 'all', { owner: 'b' })]
    expect(splitQueue([b, a]).holders).toEqual([a])
    expect(splitQueue([a, b]).holders).toEqual([a])
  })

  test('the order is that of numbers, not of digits', () => {
    const tickets = [aTicket(10, 'all'), aTicket(9, 'all')]
    expect(splitQueue(tickets).holders).toEqual([tickets[1]])
  })

  test('nobody is in an empty queue', () => {
    expect(splitQueue([])).toEqual({ holders: [], waiters: [] })
  })
})

describe('nextNumber', () => {
  test('the first number is 1', () => {
    expect(nextNumber([], 0, 0.99)).toBe(1)
  })

  test('is above all others, at any attempt', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(queues(), fc.nat(2000), random, (tickets, attempt, drawn) => {
        const number = nextNumber(tickets, attempt, drawn)
        expect(Number.isSafeInteger(number)).toBe(true)
        for (const ticket of tickets) expect(number).toBeGreaterThan(ticket.number)
      }),
    )
  })

  test.each([0, 1, 2])('does not leap at attempt %i', (attempt) => {
    expect(nextNumber([aTicket(4, 1)], attempt, 0.999)).toBe(5)
  })

  test('leaps further at each later attempt, to a bound', () => {
    const leaps = [3, 4, 5, 22, 23, 1000].map((attempt) => nextNumber([], attempt, 0.999_999_9) - 1)
    expect(leaps).toEqual([1, 3, 7, 2 ** 20 - 1, 2 ** 20 - 1, 2 ** 20 - 1])
  })
})

describe('mustWithdraw', () => {
  const own = aTicket(3, 1)

  test('a ticket with a higher or the same number makes it withdraw', () => {
    expect(mustWithdraw([own, aTicket(4, 1)], own)).toBe(true)
    expect(mustWithdraw([own, aTicket(3, 1, { owner: 'other' })], own)).toBe(true)
    expect(mustWithdraw([own, aTicket(3, 1, { unique: 'other' })], own)).toBe(true)
  })

  test('lower tickets and its own do not', () => {
    expect(mustWithdraw([{ ...own }, aTicket(2, 'all'), aTicket(1, 1)], own)).toBe(false)
  })

  test('of two that both see each other never both stay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), (left, right) => {
        const [a, b] = [aTicket(left, 1, { owner: 'a' }), aTicket(right, 1, { owner: 'b' })]
        expect(mustWithdraw([a, b], a) || mustWithdraw([a, b], b)).toBe(true)
      }),
    )
  })
})

describe('aheadOf', () => {
  test('names those before it, also of the same number, and not itself', () => {
    const own = aTicket(3, 1, { owner: 'm' })
    const twin = aTicket(3, 1, { owner: 'a' })
    const list = [aTicket(4, 1), twin, { ...own }, aTicket(3, 1, { owner: 'z' }), aTicket(1, 'all')]
    expect(aheadOf(list, own)).toEqual([twin, list[4]])
  })
})

describe('nextAfter', () => {
  test('names all that are in now and were not before, the first in line, and nobody else without a limit', () => {
    const crowds = queues().filter(({ length }) => length > 0)
    fc.assert(
      fc.property(crowds, fc.nat(), (tickets, choice) => {
        const gone = tickets[choice % tickets.length] ?? aTicket(1, 1)
        const rest = tickets.filter((ticket) => ticket !== gone)
        const isAdmitted = (one: Ticket): boolean => isInByTheRule(rest, one) && !isInByTheRule(tickets, one)
        const first = rest.filter((one) => !isInByTheRule(rest, one)).sort(byPlace)[0]
        const named = nextAfter(rest, gone)
        expect(named).toEqual(expect.arrayContaining(rest.filter(isAdmitted)))
        expect(named.filter((one) => !isInByTheRule(rest, one))).toEqual(first === undefined ? [] : [first])
        if (gone.limit === Infinity) expect(named.filter((one) => one !== first).every(isAdmitted)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('names whom two let in together that leave at one moment, though neither alone kept it out', () => {
    const [left, right, blocked] = [1, 2, 3].map((number) => ({ ...aTicket(number, 2), limit: 4 }))
    const both = [left, right].map((gone) => nextAfter([blocked] as Ticket[], gone as Ticket))
    expect(both).toContainEqual([blocked])
  })

  test('a writer that leaves lets all readers up to the next writer in', () => {
    const [reader, other, writer, last] = [aTicket(2, 1), aTicket(3, 1), aTicket(4, 'all'), aTicket(5, 1)]
    expect(nextAfter([last, writer, other, reader], aTicket(1, 'all'))).toEqual([reader, other, writer])
  })

  test('a waiter that leaves lets in those that only it had kept out', () => {
    const [holder, blocked] = [aTicket(1, 1), aTicket(3, 1)]
    expect(nextAfter([holder, blocked], aTicket(2, 'all'))).toEqual([blocked])
  })
})
