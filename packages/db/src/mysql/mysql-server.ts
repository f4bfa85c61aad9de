import { HeddleError, type ResourceContext, type ResourceSurroundings } from '@heddle/core'
import { parseAddress, type Address } from '../common/address.js'
import { listOf } from '../common/check-options.js'
import { loadPeer } from '../common/load-peer.js'
import { makerOf, type Maker } from '../common/marker.js'
import { runKey } from '../common/names.js'
import { refuseUnsafe } from '../common/refuse-unsafe.js'
import { shortHash } from '../common/short-hash.js'
import { openLastingSession } from './lasting-session.js'
import type { MysqlOptions } from './mysql-options.js'
import type { Mysql2, MysqlSession } from './mysql-session.js'
import { createRegistry } from './registry.js'
import { holdRun } from './run-lock.js'
import { serverFailure } from './server-failure.js'

type ResolvedMysqlOptions = MysqlOptions & { readonly url: string; readonly env: readonly string[] }

/** A server, for one run or one command. */
export interface MysqlServer {
  readonly options: ResolvedMysqlOptions
  readonly context: Pick<ResourceContext, 'name' | 'root' | 'env' | 'signal'>
  readonly mysql2: Mysql2
  readonly url: string
  /** In no database; holds the lock of the run. */
  readonly admin: MysqlSession
  readonly version: string
  readonly isMariaDb: boolean
  /** Whether the role may see what other sessions have open. */
  readonly seesTransactions: boolean
  /** Of the run and the resource: part of names. */
  readonly key: string
  readonly maker: Maker
  /** Which resource of which project it is. */
  readonly owner: string
  readonly urlOf: (database: string) => string
}

/** Whom it is opened for. */
export interface ServerUse {
  readonly surroundings: ResourceSurroundings
  /** Of the run; undefined for a command, which makes nothing. */
  readonly runId: string
  readonly signal: AbortSignal
}

/** @throws HeddleError `HEDDLE_RESOURCE_INVALID`, `HEDDLE_RESOURCE_REFUSED`, `HEDDLE_RESOURCE_FAILED` */
export async function openServer(given: MysqlOptions, use: ServerUse): Promise<MysqlServer> {
  const { name, root, env } = use.surroundings
  const url = urlFrom(given, name)
  const address = parseAddress(url, { place: `url of resource "${name}"`, protocols: ['mysql', 'mariadb'] })
  refuseUnsafe(address, { name, env, allowRemote: given.allowRemote ?? [] })
  const options = { ...given, url, env: given.env === undefined ? ['DATABASE_URL'] : listOf(given.env) }
  const mysql2 = loadPeer('mysql2', { root, user: 'mysql({ … })', entry: 'mysql2/promise' }) as Mysql2
  const key = runKey(use.runId, name)
  try {
    const admin = await openLastingSession({ mysql2, url, prepare: (session) => prepareAdmin(session, key) })
    await createRegistry(admin)
    return {
      options,
      mysql2,
      url,
      admin,
      key,
      ...(await readServer(admin, address)),
      context: { name, root, env, signal: use.signal },
      maker: makerOf(key),
      owner: shortHash([root, name], 10),
      urlOf: (database) => withDatabase(url, database),
    }
  } catch (error) {
    throw serverFailure(error, address)
  }
}

/** What somebody holds is not waited for longer, as the server would for a day: the others wait behind. */
async function prepareAdmin(session: MysqlSession, key: string): Promise<void> {
  await session.rows('SET SESSION lock_wait_timeout = 20')
  await holdRun(session, key)
}

async function readServer(
  admin: MysqlSession,
  { words }: Address,
): Promise<Pick<MysqlServer, 'version' | 'isMariaDb' | 'seesTransactions'>> {
  const [row] = await admin.rows('SELECT VERSION() AS version, @@GLOBAL.read_only AS isReadOnly')
  if (Number(row?.['isReadOnly']) === 1) {
    throw new HeddleError('HEDDLE_RESOURCE_REFUSED', {
      problem: `Cannot use ${words}: it is read-only, a replica`,
      fix: 'use a server that is for tests.',
    })
  }
  const version = String(row?.['version'])
  const isMariaDb = /mariadb/i.test(version)
  const status = await admin.rows('SHOW ENGINE INNODB STATUS').catch(() => [])
  return { version, isMariaDb, seesTransactions: status.length > 0 }
}

function urlFrom({ url }: MysqlOptions, name: string): string {
  if (url !== undefined) return url
  throw new HeddleError('HEDDLE_RESOURCE_INVALID', {
    problem: `Cannot open resource "${name}": mysql({ … }) has no url`,
    fix: "say where a server is: url: process.env.TEST_DATABASE_URL ?? 'mysql://root@127.0.0.1:3306/mysql'.",
  })
}

function withDatabase(url: string, database: string): string {
  const own = new URL(url)
  own.pathname = `/${database}`
  return own.href
}
