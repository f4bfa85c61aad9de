import ci from 'ci-info'
import { closest, distance } from 'fastest-levenshtein'
import * as v from 'valibot'
import { HeddleError } from '../errors.js'
import { SNAPSHOT_FILE } from '../history/snapshot.js'

/**
 * What a user can set, inline (`heddle({ … })`, `withHeddle(config, { … })`) or in `heddle.config.{ts,mts,js,mjs,cjs,json}`.
 * Inline options win over the file, the environment variables `HEDDLE_*` over both.
 *
 * @example
 * // heddle.config.ts
 * import type { HeddleOptions } from '@heddle/core'
 * export default { failedFirst: false, history: { runs: 50 } } satisfies HeddleOptions
 */
export interface HeddleOptions {
  /** Where heddle keeps its state, relative to the workspace root. `HEDDLE_DIR` wins. @default '.heddle' */
  readonly dir?: string
  /** `slowest-first`, or `host` to leave the order (not the recording, not the shards) to Vitest or Jest. @default 'slowest-first' */
  readonly order?: 'slowest-first' | 'host'
  /** Start files that failed in their newest run before all others. @default true, false in CI */
  readonly failedFirst?: boolean
  /** Print nothing but errors and warnings. @default false */
  readonly silent?: boolean
  readonly history?: {
    /** How many newest runs of every file to keep, 1 to 1000. @default 20 */
    readonly runs?: number
  }
  readonly shards?: {
    /** The committed durations that `--shard` splits by, relative to the workspace root. @default 'heddle.durations.json' */
    readonly snapshot?: string
    /** What to do with files that a plan (`HEDDLE_SHARD_PLAN`) does not know. @default 'refuse' */
    readonly newFiles?: 'refuse' | 'lightest'
  }
}

/** {@link HeddleOptions} with every default filled in. */
export interface ResolvedOptions {
  readonly dir: string
  readonly order: 'slowest-first' | 'host'
  readonly failedFirst: boolean
  readonly silent: boolean
  readonly history: { readonly runs: number }
  readonly shards: { readonly snapshot: string; readonly newFiles: 'refuse' | 'lightest' }
}

const name = v.pipe(
  v.string(),
  v.check((value) => value !== '', 'must not be empty'),
)
const runs = v.pipe(
  v.number(),
  v.check((value) => Number.isInteger(value) && value >= 1 && value <= 1000, 'must be a whole number from 1 to 1000'),
)
const GROUPS = {
  history: { runs: v.optional(runs, 20) },
  shards: {
    snapshot: v.optional(name, SNAPSHOT_FILE),
    newFiles: v.optional(v.picklist(['refuse', 'lightest']), 'refuse'),
  },
} as const
const ENTRIES = {
  dir: v.optional(name, '.heddle'),
  order: v.optional(v.picklist(['slowest-first', 'host']), 'slowest-first'),
  failedFirst: v.optional(v.boolean(), !ci.isCI),
  silent: v.optional(v.boolean(), false),
  history: v.optional(objectOf(GROUPS.history), {}),
  shards: v.optional(objectOf(GROUPS.shards), {}),
} as const
const schema = objectOf(ENTRIES)

/**
 * Validates options and fills in the defaults.
 *
 * @param source what the options came from, for the message: a file, or `heddle({ … })`
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems at once
 */
export function resolveHeddleOptions(options: unknown, source = 'the options of heddle'): ResolvedOptions {
  const result = v.safeParse(schema, options ?? {})
  const unknown = describeUnknownOptions(options)
  if (result.success && unknown.length === 0) return result.output
  throw new HeddleError('HEDDLE_OPTIONS_INVALID', {
    problem: `Cannot use ${source}: ${[...(result.issues ?? []).map(describeIssue), ...unknown].join('; ')}`,
    fix: 'see docs/configuration.md for every option, its type and its default.',
  })
}

/** Options of a file and inline ones as one, inline winning key by key. */
export function mergeOptions(file: HeddleOptions, inline: HeddleOptions): HeddleOptions {
  return {
    ...file,
    ...withoutUndefined(inline),
    ...(file.history || inline.history ? { history: { ...file.history, ...withoutUndefined(inline.history) } } : {}),
    ...(file.shards || inline.shards ? { shards: { ...file.shards, ...withoutUndefined(inline.shards) } } : {}),
  }
}

/** `{ silent: isQuiet ? true : undefined }` is to mean the same as leaving `silent` out. */
function withoutUndefined<T extends object>(options: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>
}

/** An object of known entries. Unlike v.strictObject it takes no arrays; unknown keys are looked for separately. */
function objectOf<const E extends v.ObjectEntries>(entries: E) {
  return v.pipe(v.custom<v.InferInput<v.ObjectSchema<E, undefined>>>(isObject, 'must be an object'), v.object(entries))
}

type Issue = v.InferIssue<typeof schema>

function describeIssue(issue: Issue): string {
  const path = v.getDotPath(issue)
  if (path === null) return `expected an object, got ${issue.received}`
  const hasOwnWords = issue.type === 'custom' || issue.type === 'check'
  return `"${path}" ${hasOwnWords ? issue.message : `must be ${issue.expected}`}, got ${issue.received}`
}

/** All of them: v.strictObject stops at the first. */
function describeUnknownOptions(options: unknown): string[] {
  if (!isObject(options)) return []
  const inGroups = Object.entries(GROUPS).flatMap(([group, entries]) => {
    const value = options[group]
    return isObject(value) ? describeUnknownKeys(value, Object.keys(entries), `${group}.`) : []
  })
  return [...describeUnknownKeys(options, Object.keys(ENTRIES), ''), ...inGroups]
}

function describeUnknownKeys(object: object, known: readonly string[], prefix: string): string[] {
  const unknown = Object.keys(object).filter((key) => !known.includes(key))
  return unknown.map((key) => {
    const guess = closest(key, known)
    const isClose = distance(key, guess) <= Math.max(2, key.length / 3)
    const hint = isClose ? `did you mean "${prefix}${guess}"?` : `known are ${known.join(', ')}`
    return `unknown option "${prefix}${key}", ${hint}`
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
