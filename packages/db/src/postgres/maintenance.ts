import { codeOf } from '@heddle/core'
import { parseAddress } from '../common/address.js'
import { refuseUnsafe } from '../common/refuse-unsafe.js'
import { AdminPool } from './admin-pool.js'
import { withDatabase } from './database-url.js'
import { lockKey } from './lock-key.js'
import { LockSession } from './lock-session.js'
import { refuseServer } from './refuse-server.js'
import { readServerFacts, type ServerFacts } from './server-facts.js'
import { Session } from './session.js'

/** Which server, and who asks. */
export interface MaintenanceSetup {
  /** Of the resource. */
  readonly name: string
  readonly url: string
  /** Of a server that heddle has started: nobody has to be protected from using it. */
  readonly isOwn: boolean
  readonly allowRemote: readonly string[]
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** Whether databases are to be made. @default true */
  readonly needsDatabases?: boolean
  /** Undefined for the command line. */
  readonly runKey?: string | undefined
}

/**
 * heddle's place on a server: a database in which nothing is ever written, from which others are made, and in which the locks
 * are that say who lives.
 */
export interface Maintenance {
  readonly url: string
  /** Of the server, without a password. */
  readonly words: string
  readonly facts: ServerFacts
  readonly admin: AdminPool
  readonly locks: LockSession
  readonly close: () => Promise<void>
}

/** No such database, no right to connect, no line in pg_hba.conf. */
const NOT_HERE = new Set(['3D000', '42501', '28000'])
const TIMEOUTS = ['statement_timeout', 'lock_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout']

/**
 * Connects and looks whether the server is one for tests. Locks are told apart by database, so all runs have to meet in the same
 * one: "postgres", which every server has, and only else the one that the URL names.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_REFUSED`, `HEDDLE_RESOURCE_FAILED`
 */
export async function openMaintenance(setup: MaintenanceSetup): Promise<Maintenance> {
  const address = parseAddress(setup.url, {
    place: `url of resource "${setup.name}"`,
    protocols: ['postgres', 'postgresql'],
    defaultHost: setup.env['PGHOST'],
  })
  if (!setup.isOwn) refuseUnsafe(address, setup)
  const { session, locks, url } = await openWhereAllMeet(setup)
  try {
    const facts = await readServerFacts(session, await session.processId())
    const { name, needsDatabases = true } = setup
    refuseServer(facts, { name, words: address.words, needsDatabases })
    const runLock = setup.runKey === undefined ? undefined : lockKey('run', setup.runKey)
    if (runLock !== undefined) await locks.tryLock(runLock, 'shared')
    const admin = new AdminPool(url, runLock)
    const close = async (): Promise<void> => {
      await admin.close()
      await locks.close()
    }
    return { url, words: address.words, facts, admin, locks, close }
  } catch (error) {
    await locks.close()
    throw error
  }
}

interface Opened {
  readonly url: string
  readonly session: Session
  readonly locks: LockSession
}

async function openWhereAllMeet(setup: MaintenanceSetup): Promise<Opened> {
  try {
    return await openIn(setup, withDatabase(setup.url, 'postgres'))
  } catch (error) {
    if (!NOT_HERE.has(codeOf((error as { cause?: unknown }).cause) ?? '')) throw error
    return openIn(setup, setup.url)
  }
}

async function openIn({ name }: MaintenanceSetup, url: string): Promise<Opened> {
  let session: Session | undefined
  const locks = await LockSession.open(async (retake) => {
    session = await Session.open({
      name,
      url,
      staysConnected: true,
      // As long as a run may last: without its locks, others take it for dead.
      reconnectMs: 24 * 60 * 60 * 1000,
      onConnect: async (client) => {
        // Settings of the role that end what waits would free all locks.
        await client.query("select set_config(name, '0', false) from pg_settings where name = any($1)", [TIMEOUTS])
        await retake(client)
      },
    })
    return session
  })
  if (session === undefined) throw new Error('no session')
  return { url, session, locks }
}
