import * as v from 'valibot'
import {
  checkOptions,
  functionSchema,
  listOf,
  migrationsSchema,
  nonEmptyText,
  perTestSchema,
  textsSchema,
} from '../common/check-options.js'
import type { PostgresOptions } from './postgres-options.js'

/** {@link PostgresOptions} with defaults, as far as they do not depend on where it runs. */
export interface ResolvedPostgresOptions extends PostgresOptions {
  readonly server: 'auto' | 'embedded' | 'system' | 'pglite'
  readonly env: readonly string[]
  readonly isolation: 'database' | 'schema' | 'prefix'
  readonly prefixEnv: string
  readonly allowRemote: readonly string[]
  readonly poolSize: number
}

const DEFAULT_POOL_SIZE = 10

const isWhole = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 1000

const ENTRIES = {
  url: v.optional(nonEmptyText()),
  server: v.optional(v.picklist(['auto', 'embedded', 'system', 'pglite'])),
  migrations: v.optional(migrationsSchema),
  seed: v.optional(functionSchema),
  env: v.optional(textsSchema),
  perTest: perTestSchema(['reset', 'clone', 'rollback', 'file', 'none']),
  isolation: v.optional(v.picklist(['database', 'schema', 'prefix'])),
  prefixEnv: v.optional(nonEmptyText()),
  keepFailed: v.optional(v.boolean()),
  allowRemote: v.optional(v.array(nonEmptyText())),
  role: v.optional(nonEmptyText()),
  poolSize: v.optional(v.pipe(v.number(), v.check(isWhole, 'must be a whole number from 1 to 1000'))),
  files: v.optional(textsSchema),
}

/** @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems at once */
export function resolvePostgresOptions(options: PostgresOptions): ResolvedPostgresOptions {
  checkOptions(options, { place: 'postgres({ … })', entries: ENTRIES, describeFlaws: () => describeFlaws(options) })
  return {
    ...options,
    server: options.server ?? 'auto',
    env: options.env === undefined ? ['DATABASE_URL'] : listOf(options.env),
    isolation: options.isolation ?? 'database',
    prefixEnv: options.prefixEnv ?? 'TABLE_PREFIX',
    allowRemote: options.allowRemote ?? [],
    poolSize: options.poolSize ?? DEFAULT_POOL_SIZE,
  }
}

/** What makes no sense together. */
function describeFlaws(options: PostgresOptions): string[] {
  const { url, server, allowRemote } = options
  const flaws: string[] = []
  if (url !== undefined && server !== undefined) flaws.push('"server" is for when there is no "url": use one of them')
  if (url === undefined && allowRemote !== undefined)
    flaws.push('"allowRemote" says something of "url", which is missing')
  return [...flaws, ...describeIsolationFlaws(options)]
}

function describeIsolationFlaws({
  url,
  isolation = 'database',
  role,
  migrations,
  prefixEnv,
}: PostgresOptions): string[] {
  const flaws: string[] = []
  const words = `"isolation" "${isolation}"`
  if (isolation !== 'database' && url === undefined) {
    flaws.push(`${words} is for a server on which databases cannot be made: "url" is missing`)
  }
  if (isolation !== 'database' && role !== undefined) {
    flaws.push(`"role" is for databases that heddle makes: with ${words} use the role of "url"`)
  }
  if (isolation === 'prefix' && migrations !== undefined && !isObject(migrations)) {
    flaws.push(
      `files of SQL cannot know the prefix of ${words}: "migrations" must be { files, run: ({ url, tablePrefix }) => … } or { files, command }`,
    )
  }
  if (isolation !== 'prefix' && prefixEnv !== undefined) {
    flaws.push(`"prefixEnv" is for "isolation" "prefix", not for "${isolation}"`)
  }
  return flaws
}

function isObject(migrations: NonNullable<PostgresOptions['migrations']>): boolean {
  return typeof migrations === 'object' && 'files' in migrations
}
