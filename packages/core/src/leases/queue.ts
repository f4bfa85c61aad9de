import { isSameTicket, type Ticket } from './ticket.js'

/**
 * The protocol's decisions, without files: which number a joiner takes, whether it has to withdraw, who is in.
 *
 * A joiner lists the tickets, creates its own with a number above all, and lists again. If there is another ticket with
 * a number as high or higher, it withdraws and tries again; otherwise its place is final. Why nobody can be overlooked: let
 * A and B both be final, A's number lower. A's second list did not have B, so B was created after A's ticket, so every
 * list by which B decides whether it is in has A's ticket, until A leaves. No clock is part of the argument.
 */

/** After so many attempts a joiner leaps ahead, so that it wins against others that join at the same moment. */
const PATIENCE = 2

/** @param random from 0 to below 1 */
export function nextNumber(tickets: readonly Ticket[], attempt: number, random: number): number {
  const highest = tickets.reduce((max, { number }) => Math.max(max, number), 0)
  const leap = attempt <= PATIENCE ? 0 : Math.floor(random * 2 ** Math.min(attempt - PATIENCE, 20))
  return highest + 1 + leap
}

/** Whether a joiner has to give up its ticket, by the list that it made after creating it. */
export function mustWithdraw(tickets: readonly Ticket[], own: Ticket): boolean {
  return tickets.some((other) => other.number >= own.number && !isSameTicket(other, own))
}

/** Who is in and who waits, both in the order in which they came. */
export interface Queue {
  readonly holders: readonly Ticket[]
  readonly waiters: readonly Ticket[]
}

/** Strictly first come, first served: who does not fit keeps everyone behind it waiting, so nobody starves. */
export function splitQueue(tickets: readonly Ticket[]): Queue {
  const sorted = [...tickets].sort(byPlace)
  let taken = 0
  let limit = Infinity
  const end = sorted.findIndex((ticket, i) => {
    limit = Math.min(limit, ticket.limit)
    if (i > 0 && (ticket.permits === 'all' || taken === Infinity)) return true
    taken += ticket.permits === 'all' ? Infinity : ticket.permits
    return i > 0 && taken > limit
  })
  return end === -1 ? { holders: sorted, waiters: [] } : { holders: sorted.slice(0, end), waiters: sorted.slice(end) }
}

/** The tickets before `own`. */
export function aheadOf(tickets: readonly Ticket[], own: Ticket): Ticket[] {
  return tickets.filter((other) => byPlace(other, own) < 0)
}

function byPlace(a: Ticket, b: Ticket): number {
  if (a.number !== b.number) return a.number - b.number
  // Only one of two equals can stay.
  const [left, right] = [a.owner + a.unique, b.owner + b.unique]
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * Whose turn it may have become when `gone` left: those it let in, and the first in line, who has holders to watch.
 *
 * Of several that leave at one moment, none may see what the others did: each takes one whom they let in together for
 * one that was in before. That takes a limit, so with one, all behind are named that are in now.
 */
export function nextAfter(tickets: readonly Ticket[], gone: Ticket): Ticket[] {
  const before = new Set(gone.limit === Infinity ? splitQueue([...tickets, gone]).holders : [])
  const { holders, waiters } = splitQueue(tickets)
  const admitted = holders.filter((ticket) => byPlace(gone, ticket) < 0 && !before.has(ticket))
  return [...admitted, ...waiters.slice(0, 1)]
}
