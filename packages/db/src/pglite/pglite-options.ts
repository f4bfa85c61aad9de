import type { PGlite } from '@electric-sql/pglite'
import type { PerTest } from '@heddle/core'
import * as v from 'valibot'
import { checkOptions, functionSchema, migrationsSchema, perTestSchema, textsSchema } from '../common/check-options.js'

/** What `pglite({ … })` takes. */
export interface PgliteOptions {
  /** What gives the database its tables: globs of SQL files, or files and a function. @default none: an empty database */
  readonly migrations?: PgliteMigrations | undefined
  /** Rows that every test finds. Runs once per template, after the migrations. */
  readonly seed?: ((at: PgliteTarget) => unknown) | undefined
  /**
   * Extensions by the name that their module exports them under: `{ vector: '@electric-sql/pglite-pgvector' }`.
   *
   * @default none
   */
  readonly extensions?: Readonly<Record<string, string>> | undefined
  /** @default 'reset' */
  readonly perTest?: PerTest | undefined
  /** Test files that use it. @default all */
  readonly files?: string | readonly string[] | undefined
}

/** As {@link import('../common/migration-options.js').Migrations}, but for commands: other processes cannot reach it. */
export type PgliteMigrations =
  | string
  | readonly string[]
  | {
      /** Globs relative to the root. */
      readonly files: string | readonly string[]
      readonly run: (at: PgliteTarget) => unknown
    }

/** What is migrated. */
export interface PgliteTarget {
  readonly client: PGlite
}

const ENTRIES = {
  migrations: v.optional(migrationsSchema),
  seed: v.optional(functionSchema),
  extensions: v.optional(v.record(v.string(), v.string())),
  perTest: perTestSchema(['reset', 'clone', 'rollback', 'file', 'none']),
  files: v.optional(textsSchema),
}

/** @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems at once */
export function checkPgliteOptions(options: PgliteOptions): void {
  checkOptions(options, { place: 'pglite({ … })', entries: ENTRIES, describeFlaws: () => describeFlaws(options) })
}

function describeFlaws({ migrations }: PgliteOptions): string[] {
  const isCommand = typeof migrations === 'object' && 'command' in migrations
  return isCommand
    ? [`"migrations" cannot be a command, which cannot reach it: use postgres({ server: 'pglite' })`]
    : []
}
