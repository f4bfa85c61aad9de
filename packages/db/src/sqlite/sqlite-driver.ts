import { createRequire } from 'node:module'
import { join } from 'node:path'
import { HeddleError, isHeddleError } from '@heddle/core'
import { loadPeer } from '../common/load-peer.js'

export type SqliteRow = Readonly<Record<string, unknown>>

/** An open database, whichever library it is of. */
export interface SqliteConnection {
  /** What the library gives its users. */
  readonly client: object
  /** From now on as its users know it. */
  protect(): void
  /** Statements without parameters and rows. */
  exec(sql: string): void
  all(sql: string, ...values: readonly unknown[]): readonly SqliteRow[]
  close(): void
}

/** A library for SQLite. */
export interface SqliteDriver {
  /** For people: `node:sqlite`. */
  readonly words: string
  /** @param file its path, or `:memory:` */
  readonly open: (file: string) => SqliteConnection
}

/** What `node:sqlite` and `better-sqlite3` have in common. */
interface Database {
  exec(sql: string): unknown
  prepare(sql: string): {
    readonly reader?: boolean
    all(...values: readonly unknown[]): SqliteRow[]
    run(...values: readonly unknown[]): unknown
  }
  close(): unknown
  /** Of `better-sqlite3`. */
  unsafeMode?(isOn: boolean): unknown
}

type DatabaseClass = new (file: string, options?: object) => Database

/**
 * The SQLite that is part of Node, from 22.13 on; else `better-sqlite3` of the project.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED` if there is neither
 */
export function loadSqlite(root: string): SqliteDriver {
  const own = builtIn()
  if (own !== undefined) return { words: 'node:sqlite', open: (file) => connect(new own(file, { defensive: false })) }
  const Peer = loadBetter(root)
  return {
    words: 'better-sqlite3',
    open: (file) => {
      const database = new Peer(file)
      // Rows of virtual tables are restored in the tables behind them, which it forbids otherwise.
      database.unsafeMode?.(true)
      return connect(database)
    },
  }
}

function builtIn(): DatabaseClass | undefined {
  try {
    // Not imported by name: older versions of Node would not load this file.
    const found = process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown
    return (found as { readonly DatabaseSync?: DatabaseClass } | undefined)?.DatabaseSync
  } catch {
    return undefined
  }
}

function loadBetter(root: string): DatabaseClass {
  // One that is too new would end the process with its first use.
  if (neededNode(root) > Number.parseInt(process.versions.node, 10)) throw noSqlite('needs a newer one')
  try {
    return loadPeer('better-sqlite3', { root, user: 'sqlite({ … })' }) as DatabaseClass
  } catch (error) {
    throw isHeddleError(error) ? noSqlite('does not load', error) : error
  }
}

/** The oldest major of Node that the installed `better-sqlite3` runs on, 0 if nobody knows. */
function neededNode(root: string): number {
  try {
    const found = createRequire(join(root, 'package.json'))('better-sqlite3/package.json') as unknown
    const { engines } = found as { readonly engines?: { readonly node?: string } }
    return Number(/^>=\s*(\d+)/.exec(engines?.node ?? '')?.[1] ?? 0)
  } catch {
    return 0
  }
}

function noSqlite(reason: string, cause?: unknown): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot use SQLite with Node ${process.version}: it is part of Node from 22.13 on, and "better-sqlite3" ${reason}`,
    fix: 'use Node 22.13 or newer, or npm i -D better-sqlite3 (on Node 20: better-sqlite3@12, later ones need Node 22).',
    cause,
  })
}

function connect(database: Database): SqliteConnection {
  return {
    client: database,
    protect: () => void database.unsafeMode?.(false),
    exec: (sql) => void database.exec(sql),
    all: (sql, ...values) => {
      const statement = database.prepare(sql)
      if (statement.reader !== false) return statement.all(...values)
      statement.run(...values)
      return []
    },
    close: () => void database.close(),
  }
}
