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

const RUNS = 'must be a whole number from 1 to 1000'
const name = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
const schema = v.strictObject({
  dir: v.optional(name, '.heddle'),
  order: v.optional(v.picklist(['slowest-first', 'host']), 'slowest-first'),
  failedFirst: v.optional(v.boolean(), !ci.isCI),
  silent: v.optional(v.boolean(), false),
  history: v.optional(
    v.strictObject({
      runs: v.optional(v.pipe(v.number(), v.integer(RUNS), v.minValue(1, RUNS), v.maxValue(1000, RUNS)), 20),
    }),
    {},
  ),
  shards: v.optional(
    v.strictObject({
      snapshot: v.optional(name, SNAPSHOT_FILE),
      newFiles: v.optional(v.picklist(['refuse', 'lightest']), 'refuse'),
    }),
    {},
  ),
})

/**
 * Validates options and fills in the defaults.
 *
 * @param source what the options came from, for the message: a file, or `heddle({ … })`
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems at once
 */
export function resolveHeddleOptions(options: unknown, source = 'the options of heddle'): ResolvedOptions {
  const result = v.safeParse(schema, options ?? {})
  if (result.success) return result.output
  throw new HeddleError('HEDDLE_OPTIONS_INVALID', {
    problem: `Cannot use ${source}: ${result.issues.map(describeIssue).join('; ')}`,
    fix: 'see docs/configuration.md for every option, its type and its default.',
  })
}

/** Options of a file and inline ones as one, inline winning key by key. */
export function mergeOptions(file: HeddleOptions, inline: HeddleOptions): HeddleOptions {
  return {
    ...file,
    ...inline,
    ...(file.history || inline.history ? { history: { ...file.history, ...inline.history } } : {}),
    ...(file.shards || inline.shards ? { shards: { ...file.shards, ...inline.shards } } : {}),
  }
}

type Issue = v.InferIssue<typeof schema>

function describeIssue(issue: Issue): string {
  const path = v.getDotPath(issue)
  if (path === null) return `expected an object, got ${issue.received}`
  if (issue.expected === 'never') return describeUnknown(path)
  const wanted = issue.kind === 'schema' ? `must be ${issue.expected}` : issue.message
  return `"${path}" ${wanted}, got ${issue.received}`
}

function describeUnknown(path: string): string {
  const parts = path.split('.')
  const last = parts.pop() ?? ''
  const known = Object.keys(parts[0] === 'history' || parts[0] === 'shards' ? entriesOf(parts[0]) : schema.entries)
  const guess = closest(last, known)
  const hint =
    distance(last, guess) <= Math.max(2, last.length / 3)
      ? `, did you mean "${[...parts, guess].join('.')}"?`
      : `, known are ${known.join(', ')}`
  return `unknown option "${path}"${hint}`
}

function entriesOf(group: 'history' | 'shards'): object {
  return schema.entries[group].wrapped.entries
}
