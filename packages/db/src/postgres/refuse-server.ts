import { HeddleError } from '@heddle/core'
import type { ServerFacts } from './server-facts.js'

/** Whose server it is, for messages. */
export interface ServerWords {
  readonly name: string
  /** Without a password. */
  readonly words: string
  /** Whether databases are to be made. @default true */
  readonly needsDatabases?: boolean
}

const OLDEST = 130_000

/**
 * Refuses servers on which databases cannot be made, or not without harm to others.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_REFUSED`, `HEDDLE_RESOURCE_FAILED`
 */
export function refuseServer(facts: ServerFacts, { name, words, needsDatabases = true }: ServerWords): void {
  const flaw = flawOf(needsDatabases ? facts : { ...facts, canCreateDatabases: true })
  if (flaw === undefined) return
  const { reason, fix, isRefused } = flaw
  throw new HeddleError(isRefused ? 'HEDDLE_RESOURCE_REFUSED' : 'HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot use ${words} for resource "${name}": ${reason}`,
    fix,
  })
}

/** How many connections a run may need. */
export interface ConnectionNeed {
  readonly slots: number
  /** Of the code under test, per worker. */
  readonly poolSize: number
}

const OWN_CONNECTIONS = 5

/**
 * Counts in advance what would otherwise fail somewhere in the middle.
 *
 * @returns a line for people, if connections could run out
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED` if not even one connection for each worker is there
 */
export function countConnections(
  facts: ServerFacts,
  need: ConnectionNeed,
  { name, words }: ServerWords,
): string | undefined {
  const free = facts.maxConnections - facts.usedConnections
  const atLeast = need.slots * 2 + OWN_CONNECTIONS
  const atMost = need.slots * (need.poolSize + 1) + OWN_CONNECTIONS
  const count = `${need.slots} workers`
  const room = `${free} of ${facts.maxConnections} are free`
  if (free < atLeast) {
    throw new HeddleError('HEDDLE_RESOURCE_FAILED', {
      problem: `Cannot use ${words} for resource "${name}": ${count} need at least ${atLeast} connections, ${room}`,
      fix: 'run fewer workers, close other programs that use this server, or raise max_connections.',
    })
  }
  if (free >= atMost) return undefined
  return `resource "${name}": ${count} with pools of ${need.poolSize} may need ${atMost} connections, ${room} on ${words}; if they run out, run fewer workers, limit the pool (and say so: poolSize), or raise max_connections`
}

interface Flaw {
  readonly reason: string
  readonly fix: string
  readonly isRefused: boolean
}

function flawOf(facts: ServerFacts): Flaw | undefined {
  if (facts.isPooled) {
    return {
      reason:
        'a connection pooler (PgBouncer?) is between here and the server, so that locks and sessions are not ours alone',
      fix: 'give the address of the server itself as url; the code under test may go on to use the pooler.',
      isRefused: true,
    }
  }
  if (facts.versionNumber < OLDEST) {
    return { reason: `PostgreSQL ${facts.version} is too old`, fix: 'use PostgreSQL 13 or newer.', isRefused: false }
  }
  if (facts.isInRecovery) {
    return {
      reason: 'it is a standby, or is being restored',
      fix: 'use a server of its own for tests.',
      isRefused: true,
    }
  }
  if (facts.replicas > 0) {
    return {
      reason: `${facts.replicas} ${facts.replicas === 1 ? 'replica is' : 'replicas are'} connected to it, which is what servers in production have`,
      fix: 'use a server of its own for tests.',
      isRefused: true,
    }
  }
  if (facts.canCreateDatabases) return undefined
  return {
    reason: `role "${facts.user}" may not create databases`,
    fix: `run as a superuser: ALTER ROLE "${facts.user.replaceAll('"', '""')}" CREATEDB; (it need not be a superuser itself). Where nobody does, see isolation: 'schema'.`,
    isRefused: false,
  }
}
