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
import type { Migrations } from '../common/migration-options.js'
import type { SqliteRow } from './sqlite-driver.js'

/** What `sqlite({ … })` takes. */
export interface SqliteOptions {
  /** @default none: an empty database */
  readonly migrations?: Migrations<SqliteTarget> | undefined
  /** Rows that every test finds. Runs once per template, after the migrations. */
  readonly seed?: ((at: SqliteSeedTarget) => unknown) | undefined
  /**
   * The variables that are set: a name for the path of the file, or one for the path and one for the same as a URL
   * (`file:/…`), which Prisma and libSQL take.
   *
   * @default { file: 'DATABASE_FILE', url: 'DATABASE_URL' }
   */
  readonly env?: string | { readonly file?: string | undefined; readonly url?: string | undefined } | undefined
  /** `rollback` only with `memory`. @default 'reset' */
  readonly perTest?: PerTest | undefined
  /** The database is in the memory of the test's process, and tests are handed its `client`. @default false */
  readonly memory?: boolean | undefined
  /** Test files that use it, globs relative to the root. @default all */
  readonly files?: string | readonly string[] | undefined
}

/** Where migrations are to run. */
export interface SqliteTarget {
  readonly file: string
  /** `file:/…` */
  readonly url: string
}

/** A database as the functions of heddle.config see it. */
export interface SqliteSeedTarget extends SqliteTarget {
  readonly client: {
    /** Statements without values and rows. */
    exec(sql: string): void
    /** One statement. */
    query(sql: string, values?: readonly unknown[]): { readonly rows: readonly SqliteRow[] }
  }
}

const ENTRIES = {
  migrations: v.optional(migrationsSchema),
  seed: v.optional(functionSchema),
  env: v.optional(
    v.union(
      [nonEmptyText(), v.strictObject({ file: v.optional(nonEmptyText()), url: v.optional(nonEmptyText()) })],
      'must be the name of a variable, or { file, url }',
    ),
  ),
  perTest: perTestSchema(['reset', 'clone', 'rollback', 'file', 'none']),
  memory: v.optional(v.boolean()),
  files: v.optional(textsSchema),
}

/** @throws HeddleError `HEDDLE_OPTIONS_INVALID` */
export function checkSqliteOptions(options: SqliteOptions): void {
  checkOptions(options, {
    place: 'sqlite({ … })',
    entries: ENTRIES,
    describeFlaws: ({ memory, perTest, env }) => [
      ...(perTest === 'rollback' && memory !== true ? ['"perTest" cannot be "rollback" without "memory"'] : []),
      ...(memory === true && env !== undefined ? ['"env" makes no sense with "memory": there is no file'] : []),
    ],
  })
}

/** What the variables are set to. */
export function sqliteVariables(
  env: SqliteOptions['env'],
  { file, url }: SqliteTarget,
): Readonly<Record<string, string>> {
  const names = typeof env === 'string' ? { file: env } : (env ?? { file: 'DATABASE_FILE', url: 'DATABASE_URL' })
  return {
    ...(names.file === undefined ? {} : { [names.file]: file }),
    ...('url' in names && names.url !== undefined ? { [names.url]: url } : {}),
  }
}
