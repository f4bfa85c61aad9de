import ci from 'ci-info'
import type * as Valibot from 'valibot'
import { HeddleError } from '../errors.js'
import { SNAPSHOT_FILE } from '../history/snapshot.js'
import { describeUnknownKeys } from '../unknown-keys.js'
import { withValibot } from './with-valibot.js'

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

const DEFAULTS: ResolvedOptions = {
  dir: '.heddle',
  order: 'slowest-first',
  failedFirst: !ci.isCI,
  silent: false,
  history: { runs: 20 },
  shards: { snapshot: SNAPSHOT_FILE, newFiles: 'refuse' },
}
const GROUPS = ['history', 'shards'] as const

const parser = withValibot((v) => {
  const { history, shards } = DEFAULTS
  const name = v.pipe(
    v.string(),
    v.check((value) => value !== '', 'must not be empty'),
  )
  const isRuns = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 1000
  const runs = v.pipe(v.number(), v.check(isRuns, 'must be a whole number from 1 to 1000'))
  const schema = objectOf(v, {
    dir: v.optional(name, DEFAULTS.dir),
    order: v.optional(v.picklist(['slowest-first', 'host']), DEFAULTS.order),
    failedFirst: v.optional(v.boolean(), DEFAULTS.failedFirst),
    silent: v.optional(v.boolean(), DEFAULTS.silent),
    history: v.optional(objectOf(v, { runs: v.optional(runs, history.runs) }), {}),
    shards: v.optional(
      objectOf(v, {
        snapshot: v.optional(name, shards.snapshot),
        newFiles: v.optional(v.picklist(['refuse', 'lightest']), shards.newFiles),
      }),
      {},
    ),
  })
  return { parse: v.safeParser(schema), pathOf: (issue: Issue) => v.getDotPath(issue) }
})

/**
 * Validates options and fills in the defaults.
 *
 * @param source what the options came from, for the message: a file, or `heddle({ … })`
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems at once
 */
export function resolveHeddleOptions(options: unknown, source = 'the options of heddle'): ResolvedOptions {
  if (isObject(options ?? {}) && Object.keys(options ?? {}).length === 0) return DEFAULTS
  const result = parser().parse(options)
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
function objectOf<const E extends Valibot.ObjectEntries>(v: typeof Valibot, entries: E) {
  return v.pipe(
    v.custom<Valibot.InferInput<Valibot.ObjectSchema<E, undefined>>>(isObject, 'must be an object'),
    v.object(entries),
  )
}

type Issue = Valibot.BaseIssue<unknown>

function describeIssue(issue: Issue): string {
  const path = parser().pathOf(issue)
  if (path === null) return `expected an object, got ${issue.received}`
  const hasOwnWords = issue.type === 'custom' || issue.type === 'check'
  return `"${path}" ${hasOwnWords ? issue.message : `must be ${issue.expected}`}, got ${issue.received}`
}

/** All of them: v.strictObject stops at the first. */
function describeUnknownOptions(options: unknown): string[] {
  if (!isObject(options)) return []
  const inGroups = GROUPS.flatMap((group) => {
    const value = options[group]
    return isObject(value) ? describeUnknownKeys(value, Object.keys(DEFAULTS[group]), `${group}.`) : []
  })
  return [...describeUnknownKeys(options, Object.keys(DEFAULTS), ''), ...inGroups]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
