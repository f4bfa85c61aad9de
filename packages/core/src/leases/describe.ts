import { HeddleError } from '../errors.js'
import type { Participant, PermitRequest, ResourceStatus } from './backend.js'
import { describeFixtureLease } from './fixture-names.js'
import { describeGroupLease, isGroupLeaseName } from './group-names.js'
import { describeSharedLease } from './shared-names.js'
import type { PlannedRequest } from './lease-request.js'

/** `"ledger"`, `group "postgres"`, `shared("database")`, `port 23107`; the one that unkeyed serial tests take has an empty name. */
export function quoteName(name: string | undefined): string {
  if (name === '') return 'the lock of all serial tests'
  const known = [describeGroupLease, describeSharedLease, describeFixtureLease].flatMap((of) => of(name ?? '') ?? [])[0]
  return known ?? `"${name ?? '?'}"`
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
    fix: isGroupLeaseName(note.name ?? '')
      ? 'give the group the same limit in every config that has it, also in that of the other package, or give it a name of its own here.'
      : 'give the same limit wherever this name is used, or use two names.',
  })
}

function words(limit: number): string {
  return limit === Infinity ? 'no limit' : `limit ${limit}`
}

function namesOf(planned: readonly PlannedRequest[]): string {
  return planned.map(({ name }) => quoteName(name)).join(', ')
}

/** @param name of what it was waiting for in the end */
export function describeTimeout(name: string | undefined, timeoutMs: number, queue: string): HeddleError {
  return new HeddleError('HEDDLE_LEASE_TIMEOUT', {
    problem: `Cannot acquire ${quoteName(name)} within ${timeoutMs} ms: ${queue}`,
    fix: `shorten that test, ${isGroup(name) ? 'raise the limit of the group' : 'raise timeoutMs'}, or run \`heddle locks\` to see every holder.`,
  })
}

function isGroup(name: string | undefined): boolean {
  return name !== undefined && isGroupLeaseName(name)
}

export function describeReentry({ name }: PlannedRequest): HeddleError {
  return new HeddleError('HEDDLE_LEASE_REENTERED', {
    problem: `Cannot acquire ${quoteName(name)}: the same test holds it or waits for it already, and would wait for itself`,
    fix: 'acquire it once, at the outermost place that needs it.',
  })
}

export function describeLoss(planned: readonly PlannedRequest[]): HeddleError {
  return new HeddleError('HEDDLE_LEASE_LOST', {
    problem: `Cannot vouch for ${namesOf(planned)}: while it was held, somebody removed its lock, so others may have used it too`,
    fix: 'do not delete files in the lock directory, and use `heddle locks --break` only when the holder is gone.',
  })
}

export function describeInvalidTimeout(planned: readonly PlannedRequest[], timeoutMs: number): HeddleError {
  return new HeddleError('HEDDLE_LEASE_INVALID', {
    problem: `Cannot acquire ${namesOf(planned)}: timeoutMs must be a number of at least 0, got ${timeoutMs}`,
    fix: 'give milliseconds, or Infinity to wait for ever.',
  })
}
