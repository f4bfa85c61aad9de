import { HeddleError } from '../errors.js'
import { quoteName } from './describe.js'
import { isGroupLeaseName } from './group-names.js'
import { describeUnknownKeys } from '../unknown-keys.js'
import type { Resource } from './resource.js'
import { LEASE_SCOPES, type LeaseScope } from './scope.js'

/** What to acquire: a name, or a name with how. */
export type LeaseRequest = string | LeaseRequestOptions

export interface LeaseRequestOptions extends LeaseShare {
  /** Any string. */
  readonly name: string
}

/** How to acquire a name. */
export interface LeaseShare {
  /** Who shares the name. @default 'workspace' */
  readonly scope?: LeaseScope | undefined
  /** Alone, or with other shared holders. @default 'exclusive', 'shared' with permits or limit */
  readonly mode?: 'exclusive' | 'shared' | undefined
  /** How many permits a shared holder takes, 1 to limit. @default 1 */
  readonly permits?: number | undefined
  /** How many permits there are, the same for everyone who uses the name, 1 to 999 999 999. @default no limit */
  readonly limit?: number | undefined
}

const SHARE = ['scope', 'mode', 'permits', 'limit'] as const
const OF_REQUEST = ['name', ...SHARE]

/** A request with everything decided. */
export interface PlannedRequest {
  readonly id: string
  readonly name: string
  readonly scope: LeaseScope
  readonly permits: number | 'all'
  readonly limit: number
}

const MAX_LIMIT = 999_999_999

/**
 * The requests in the one order in which everybody takes them, so that no two can wait for each other: groups, by scope
 * and name, then names. What all serial tests take (an empty name) comes last: it is never held while waiting for a name.
 *
 * @param idOf see {@link resourceId}
 * @param defaults for those of which only the name is given
 * @throws HeddleError `HEDDLE_LEASE_INVALID`
 */
export function planAcquisition(
  requests: LeaseRequest | readonly LeaseRequest[],
  idOf: (resource: Resource) => string,
  { scope, mode, permits, limit }: LeaseShare = {},
): PlannedRequest[] {
  const list = isList(requests) ? requests : [requests]
  if (list.length === 0) throw invalid('nothing', 'the list of names is empty')
  const defaults = { scope, mode, permits, limit }
  if (list.every(isOptions)) refuseUnused(list, defaults)
  const planned = list.map((request) => planOne(isOptions(request) ? request : { ...defaults, name: request }, idOf))
  const twice = planned.find(({ id }, i) => planned.findIndex((other) => other.id === id) < i)
  if (twice !== undefined) throw invalid(quoteName(twice.name), 'it is named twice')
  return planned.sort(byOrder)
}

function byOrder(a: PlannedRequest, b: PlannedRequest): number {
  const [left, right] = [placeOf(a), placeOf(b)]
  return left.rank - right.rank || left.scope - right.scope || (left.text < right.text ? -1 : 1)
}

/** People must be able to tell the order of groups, so it is that of their names; of other names any order will do. */
function placeOf({ id, name, scope }: PlannedRequest) {
  if (isGroupLeaseName(name)) return { rank: 0, scope: LEASE_SCOPES.indexOf(scope), text: name }
  return { rank: name === '' ? 2 : 1, scope: 0, text: id }
}

function isList(requests: LeaseRequest | readonly LeaseRequest[]): requests is readonly LeaseRequest[] {
  return Array.isArray(requests)
}

/** Calls without types may pass anything; what is no object is taken for a name, and refused if it is no string. */
function isOptions(request: LeaseRequest): request is LeaseRequestOptions {
  return typeof request === 'object' && request !== null
}

/** A request that is an object says everything itself. */
function refuseUnused(requests: readonly LeaseRequestOptions[], defaults: LeaseShare): void {
  const unused = SHARE.find((name) => defaults[name] !== undefined)
  if (unused !== undefined) throw invalid(nameIn(requests), `${unused} is given beside an object, and belongs into it`)
}

/**
 * @param known options besides those of {@link LeaseShare}
 * @throws HeddleError `HEDDLE_LEASE_INVALID`
 */
export function refuseUnknownOptions(
  requests: LeaseRequest | readonly LeaseRequest[],
  options: object,
  known: readonly string[],
): void {
  const [flaw] = describeUnknownKeys(options, [...known, ...SHARE])
  if (flaw !== undefined) throw invalid(nameIn(requests), flaw)
}

function nameIn(requests: LeaseRequest | readonly LeaseRequest[]): string {
  const [first] = isList(requests) ? requests : [requests]
  return (first !== undefined && JSON.stringify(isOptions(first) ? first.name : first)) || 'a name'
}

function planOne(request: LeaseRequestOptions, idOf: (resource: Resource) => string): PlannedRequest {
  const { name, scope = 'workspace', permits, limit = Infinity } = request
  const mode = request.mode ?? (permits === undefined && request.limit === undefined ? 'exclusive' : 'shared')
  const flaw = describeUnknownKeys(request, OF_REQUEST)[0] ?? flawOf({ name, scope, mode, permits, limit })
  if (flaw !== undefined) throw invalid(JSON.stringify(name) ?? 'a name', flaw)
  return {
    id: idOf({ name, scope }),
    name,
    scope,
    permits: mode === 'exclusive' ? 'all' : (permits ?? 1),
    limit,
  }
}

type Decided = { readonly [K in keyof LeaseRequestOptions]-?: LeaseRequestOptions[K] }

function flawOf({ name, scope, mode, permits, limit }: Decided): string | undefined {
  if (typeof name !== 'string') return 'its name must be a string'
  if (!LEASE_SCOPES.includes(scope as LeaseScope))
    return `scope must be ${LEASE_SCOPES.join(', ')}, got ${String(scope)}`
  if (mode !== 'exclusive' && mode !== 'shared') return `mode must be exclusive or shared, got ${String(mode)}`
  if (limit !== Infinity && !isCount(limit, MAX_LIMIT))
    return `limit must be a whole number from 1 to ${MAX_LIMIT}, got ${String(limit)}`
  if (permits === undefined) return undefined
  if (mode === 'exclusive') return 'an exclusive holder takes all permits, so it cannot ask for a number of them'
  return isCount(permits, Math.min(Number(limit), MAX_LIMIT))
    ? undefined
    : `permits must be a whole number from 1 to its limit (${limit === Infinity ? 'none' : limit}), got ${String(permits)}`
}

function isCount(value: unknown, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max
}

function invalid(what: string, reason: string): HeddleError {
  return new HeddleError('HEDDLE_LEASE_INVALID', {
    problem: `Cannot acquire ${what}: ${reason}`,
    fix: "for example acquire('ledger'), or acquire({ name: 'db', limit: 4, permits: 2 }).",
  })
}
