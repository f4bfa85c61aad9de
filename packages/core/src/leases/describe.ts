import { HeddleError } from '../errors.js'
import type { Participant, PermitRequest, ResourceStatus } from './backend.js'

/** `"ledger"`; the one that unkeyed serial tests take has an empty name. */
export function quoteName(name: string | undefined): string {
  return name === '' ? 'the lock of all serial tests' : `"${name ?? '?'}"`
}

/** `pid 5120 (tests/ledger.test.ts, "closes the year", stopped)` */
export function describeParticipant({ pid, file, test, state, cwd }: Participant): string {
  const facts = [file ?? cwd, test === undefined ? undefined : `"${test}"`, STATES[state]].filter(Boolean)
  return `pid ${pid ?? '?'}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`
}

const STATES = {
  running: undefined,
  stopped: 'stopped',
  gone: 'gone',
  unknown: 'in another container or from an earlier boot, so nobody can tell whether it lives',
} as const

/** `held for 41230 ms by pid 5120 (…) and 2 more, 2 waiters ahead` */
export function describeQueue({ holders, waiters }: ResourceStatus, isOwn: (one: Participant) => boolean): string {
  const [first, ...others] = holders
  const ahead = Math.max(waiters.findIndex(isOwn), 0)
  const waiting = ahead > 0 ? `, ${ahead} ${ahead === 1 ? 'waiter' : 'waiters'} ahead` : ''
  if (first === undefined) return `it has just become free${waiting}`
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return `held for ${Math.round(first.forMs ?? 0)} ms by ${describeParticipant(first)}${more}${waiting}`
}

export function describeMismatch(
  { note, limit }: PermitRequest,
  theirLimit: number,
  others: readonly Participant[],
): HeddleError {
  const other = others[0]
  return new HeddleError('HEDDLE_LEASE_LIMIT_MISMATCH', {
    problem: `Cannot acquire ${quoteName(note.name)} with ${words(limit)}: ${
      other === undefined ? 'another test' : describeParticipant(other)
    } uses it with ${words(theirLimit)}`,
    fix: 'give the same limit wherever this name is used, or use two names.',
  })
}

function words(limit: number): string {
  return limit === Infinity ? 'no limit' : `limit ${limit}`
}
