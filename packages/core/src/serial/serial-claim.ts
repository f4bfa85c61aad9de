import { HeddleError } from '../errors.js'
import { isGroupLeaseName } from '../leases/group-names.js'
import type { LeaseRequestOptions } from '../leases/lease-request.js'
import { DEFAULT_TIMEOUT_MS, LEASE_SCOPES, type LeaseScope } from '../leases/scope.js'
import { describeUnknownKeys } from '../unknown-keys.js'

/** What `serial(…)` takes: a key, several, or a key with how to wait. */
export type SerialTarget = string | readonly string[] | SerialOptions

export interface SerialOptions {
  /** Tests of one key run one at a time. Without one: alone among all serial tests. */
  readonly key?: string | readonly string[] | undefined
  /** Who shares the key: this run, all packages and git worktrees of the workspace, or everything on the machine. @default 'workspace' */
  readonly scope?: LeaseScope | undefined
  /** How long to wait for the key, ms, ≥ 0; Infinity for ever. The test's own time-out begins after that. @default 600_000 */
  readonly timeoutMs?: number | undefined
  /**
   * A test that timed out may still be running. `wait`: the key stays taken until its body or its worker has ended.
   * `stop-worker`: the worker is ended at once, and with it the rest of the file, where the host allows that.
   *
   * @default 'wait'
   */
  readonly onTimeout?: 'wait' | 'stop-worker' | undefined
}

/** What a test, a block or a file needs for itself. Plain data. */
export interface SerialClaim {
  /** Empty: all serial tests. */
  readonly keys: readonly string[]
  readonly mode: 'exclusive' | 'shared'
  readonly scope: LeaseScope
  readonly timeoutMs: number
  readonly onTimeout: 'wait' | 'stop-worker'
}

export type SerialMode = SerialClaim['mode']

const OPTIONS = ['key', 'scope', 'timeoutMs', 'onTimeout'] as const

/** @throws HeddleError `HEDDLE_SERIAL_INVALID` */
export function claimOf(target: SerialTarget | undefined, mode: SerialMode): SerialClaim {
  const options = toOptions(target)
  const keys = options.key === undefined ? [] : [options.key].flat()
  const claim = {
    keys,
    mode,
    scope: options.scope ?? 'workspace',
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    onTimeout: options.onTimeout ?? 'wait',
  }
  const flaw = describeUnknownKeys(options, OPTIONS)[0] ?? flawOf(claim, Array.isArray(options.key))
  if (flaw !== undefined) throw invalidSerial(flaw)
  return claim
}

function toOptions(target: SerialTarget | undefined): SerialOptions {
  if (target === undefined) return {}
  if (typeof target === 'string' || isList(target)) return { key: target }
  if (typeof target === 'object' && target !== null) return target
  throw invalidSerial(`a key must be a string, got ${typeof target}`)
}

function isList(target: SerialTarget): target is readonly string[] {
  return Array.isArray(target)
}

function flawOf({ keys, scope, timeoutMs, onTimeout }: SerialClaim, isNamed: boolean): string | undefined {
  if (isNamed && keys.length === 0) return 'the list of keys is empty'
  const odd = keys.find((key) => typeof key !== 'string' || key === '')
  if (odd !== undefined) return `a key must be a string that is not empty, got ${JSON.stringify(odd)}`
  const group = keys.find(isGroupLeaseName)
  if (group !== undefined)
    return `a key must not begin with "group:", as "${group}" does: those are the names of groups`
  const twice = keys.find((key, i) => keys.indexOf(key) < i)
  if (twice !== undefined) return `the key "${twice}" is named twice`
  if (!LEASE_SCOPES.includes(scope)) return `scope must be ${LEASE_SCOPES.join(', ')}, got ${JSON.stringify(scope)}`
  if (!(typeof timeoutMs === 'number' && timeoutMs >= 0))
    return `timeoutMs must be a number of at least 0, got ${timeoutMs}`
  if (onTimeout !== 'wait' && onTimeout !== 'stop-worker')
    return `onTimeout must be wait or stop-worker, got ${String(onTimeout)}`
  return undefined
}

export function invalidSerial(reason: string, fix?: string): HeddleError {
  return new HeddleError('HEDDLE_SERIAL_INVALID', {
    problem: `Cannot use serial: ${reason}`,
    fix: fix ?? "for example serial('ledger')('books a payment', async () => { … }).",
  })
}

/**
 * What a claim takes: its keys, and its share of what all serial tests have in common, which one without a key takes
 * whole. That common one is of the workspace; claims of another scope take that scope's as well.
 */
export function leaseRequestsOf({ keys, mode, scope }: SerialClaim): LeaseRequestOptions[] {
  const common = keys.length === 0 ? mode : 'shared'
  const scopes = scope === 'workspace' ? [scope] : ([scope, 'workspace'] as const)
  return [
    ...keys.map((name) => ({ name, scope, mode })),
    ...scopes.map((one) => ({ name: '', scope: one, mode: common })),
  ]
}

/** Whether who holds `outer` holds `inner`. */
export function covers(outer: SerialClaim, inner: SerialClaim): boolean {
  if (outer.mode === 'shared' && inner.mode === 'exclusive') return false
  if (outer.keys.length === 0) return outer.mode === 'exclusive' && isWider(outer.scope, inner.scope)
  return inner.keys.length > 0 && outer.scope === inner.scope && inner.keys.every((key) => outer.keys.includes(key))
}

/** Alone in the workspace is alone in the run as well. */
function isWider(outer: LeaseScope, inner: LeaseScope): boolean {
  return LEASE_SCOPES.indexOf(outer) >= LEASE_SCOPES.indexOf(inner)
}

/** `"ledger"`, `"ledger" (shared)`, `the lock of all serial tests` */
export function describeSerial({ keys, mode }: SerialClaim): string {
  const names = keys.length === 0 ? 'the lock of all serial tests' : keys.map((key) => `"${key}"`).join(', ')
  return mode === 'shared' ? `${names} (shared)` : names
}
