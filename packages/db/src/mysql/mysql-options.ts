import type { PerTest } from '@heddle/core'
import * as v from 'valibot'
import {
  checkOptions,
  functionSchema,
  migrationsSchema,
  nonEmptyText,
  perTestSchema,
  textsSchema,
} from '../common/check-options.js'
import type { Migrations, MigrationTarget } from '../common/migration-options.js'

/** What `mysql({ … })` takes. */
export interface MysqlOptions {
  /** A server, MySQL or MariaDB: the address of any of its databases, which is never written to. */
  readonly url: string | undefined
  /** @default none: an empty database */
  readonly migrations?: Migrations<MigrationTarget> | undefined
  /** Rows that every test finds. Runs once per template, after the migrations. */
  readonly seed?: ((at: MysqlSeedTarget) => unknown) | undefined
  /** The variables that are set to the URL of the worker's database. @default 'DATABASE_URL' */
  readonly env?: string | readonly string[] | undefined
  /** @default 'reset' */
  readonly perTest?: Exclude<PerTest, 'rollback'> | undefined
  /** Hosts that are not local and may be used all the same: names, exactly. */
  readonly allowRemote?: readonly string[] | undefined
  /** Test files that use it, globs relative to the root. @default all */
  readonly files?: string | readonly string[] | undefined
}

/** A session in a database, for code of heddle.config. */
export interface MysqlClient {
  /** One statement, or several if there are no values. `rows` is empty if it returns none. */
  query(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
}

export interface MysqlSeedTarget extends MigrationTarget {
  readonly client: MysqlClient
}

const ENTRIES = {
  url: v.optional(nonEmptyText()),
  migrations: v.optional(migrationsSchema),
  seed: v.optional(functionSchema),
  env: v.optional(textsSchema),
  perTest: perTestSchema(['reset', 'clone', 'file', 'none']),
  allowRemote: v.optional(v.array(nonEmptyText())),
  files: v.optional(textsSchema),
}

/** @throws HeddleError `HEDDLE_OPTIONS_INVALID` */
export function checkMysqlOptions(options: MysqlOptions): void {
  checkOptions(options, { place: 'mysql({ … })', entries: ENTRIES })
}
