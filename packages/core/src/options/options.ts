import ci from 'ci-info'
import type * as Valibot from 'valibot'
import { HeddleError } from '../errors.js'
import type { EnvGuard } from '../fixtures/fixture-settings.js'
import type { KeepTempDirs } from '../fixtures/fixtures.js'
import type { GroupOptions, PlacedGroup, PlacedRule, Rule } from '../groups/rule.js'
import { SNAPSHOT_FILE } from '../history/snapshot.js'
import type { Resource } from '../resources/resource.js'
import { describeUnknownKeys } from '../unknown-keys.js'
import { isObject, objectOf } from './object-schema.js'
import { portRangeSchema, type PortRange } from './port-range-schema.js'
import { describeResourceFlaws } from './resource-flaws.js'
import { describeGroupFlaws, describeRuleFlaws } from './rule-flaws.js'
import { groupsSchema, rulesSchema } from './rule-schema.js'
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
  /**
   * Limits with names, for what not all tests can use at once. The same name inline and in the file is one group, in which
   * inline options win.
   *
   * @default {}
   *
   * @example
   * { postgres: { limit: 2 }, 'third-party-api': { scope: 'machine' } }
   */
  readonly groups?: Readonly<Record<string, GroupOptions>>
  /**
   * Which files and tests are in which groups, how much they weigh, and what starts first. Inline rules come before those of
   * the file, and of those that match the first one decides. See {@link Rule}.
   *
   * @default []
   *
   * @example
   * [{ files: 'test/db/**', group: 'postgres' }, { tests: /@stripe/, group: 'third-party-api' }]
   */
  readonly rules?: readonly Rule[]
  /** What becomes of the directories of `tempDir`. @default 'on-failure', 'never' in CI */
  readonly keepTempDirs?: KeepTempDirs
  /**
   * What to do about environment variables and the working directory that a test changed: put them back silently
   * (`restore`), with a line (`warn`), or fail the test as well (`fail`). `auto` puts them back in files that name heddle's
   * package and leaves others alone.
   *
   * @default 'auto'
   */
  readonly envGuard?: EnvGuard
  /** Whether every line that tests print begins with slot and file: `[slot 2 · orders.test.ts]`. @default false */
  readonly prefix?: boolean
  /** Ports that tests are given, from the first to the last, 1024 to 65535, at least 100 of them. @default [20000, 29999] */
  readonly ports?: PortRange
  /**
   * What every worker has one of, and finds clean for every test, by the name under which tests know it. The same name inline
   * takes the place of the one in the file. See {@link defineResource}.
   *
   * @default {}
   *
   * @example
   * { main: postgres({ migrations: 'migrations/*.sql', env: 'DATABASE_URL' }) }
   */
  readonly resources?: Readonly<Record<string, Resource>>
}

/** {@link HeddleOptions} with every default filled in. */
export interface ResolvedOptions {
  readonly dir: string
  readonly order: 'slowest-first' | 'host'
  readonly failedFirst: boolean
  readonly silent: boolean
  readonly history: { readonly runs: number }
  readonly shards: { readonly snapshot: string; readonly newFiles: 'refuse' | 'lightest' }
  readonly groups: Readonly<Record<string, PlacedGroup>>
  readonly rules: readonly PlacedRule[]
  readonly keepTempDirs: KeepTempDirs
  readonly envGuard: EnvGuard
  readonly prefix: boolean
  readonly ports: PortRange
  readonly resources: Readonly<Record<string, Resource>>
}

const DEFAULTS: ResolvedOptions = {
  dir: '.heddle',
  order: 'slowest-first',
  failedFirst: !ci.isCI,
  silent: false,
  history: { runs: 20 },
  shards: { snapshot: SNAPSHOT_FILE, newFiles: 'refuse' },
  groups: {},
  rules: [],
  keepTempDirs: ci.isCI ? 'never' : 'on-failure',
  envGuard: 'auto',
  prefix: false,
  ports: [20_000, 29_999],
  resources: {},
}
const SECTIONS = ['history', 'shards'] as const

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
    groups: v.optional(groupsSchema(v), {}),
    rules: v.optional(rulesSchema(v), []),
    keepTempDirs: v.optional(v.picklist(['never', 'on-failure', 'always']), DEFAULTS.keepTempDirs),
    envGuard: v.optional(v.picklist(['auto', 'off', 'restore', 'warn', 'fail']), DEFAULTS.envGuard),
    prefix: v.optional(v.boolean(), DEFAULTS.prefix),
    ports: v.optional(portRangeSchema(v), DEFAULTS.ports),
    // As they are; judged by describeResourceFlaws.
    resources: v.optional(
      v.custom<Readonly<Record<string, Resource>>>(isObject, 'must be an object'),
      DEFAULTS.resources,
    ),
  })
  return v.safeParser(schema)
})

/**
 * Validates options and fills in the defaults.
 *
 * @param source what the options came from, for the message: a file, or `heddle({ … })`
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems at once
 */
export function resolveHeddleOptions(options: unknown, source = 'the options of heddle'): ResolvedOptions {
  if (isObject(options ?? {}) && Object.keys(options ?? {}).length === 0) return DEFAULTS
  const result = parser()(options)
  const problems = [...(result.issues ?? []).map(describeIssue), ...describeFlaws(options)]
  if (result.success && problems.length === 0) {
    const { groups, rules, ...others } = result.output
    const placed = Object.entries(groups).map(([name, group]) => [name, { ...group, dir: '' }])
    return { ...others, groups: Object.fromEntries(placed) as ResolvedOptions['groups'], rules: rules.map(placeRule) }
  }
  throw new HeddleError('HEDDLE_OPTIONS_INVALID', {
    problem: `Cannot use ${source}: ${problems.join('; ')}`,
    fix: 'see docs/configuration.md for every option, its type and its default.',
  })
}

function placeRule(rule: Rule, i: number): PlacedRule {
  return { ...rule, dir: '', place: `rules[${i}]` }
}

type Issue = Valibot.BaseIssue<unknown>

function describeIssue(issue: Issue): string {
  const path = pathOf(issue)
  if (path === '') return `expected an object, got ${issue.received}`
  const hasOwnWords = issue.type === 'custom' || issue.type === 'check'
  return `"${path}" ${hasOwnWords ? issue.message : `must be ${issue.expected}`}, got ${issue.received}`
}

/** `rules[2].files` */
function pathOf({ path }: Issue): string {
  const keys = (path ?? []).map(({ type, key }) => (type === 'array' ? `[${String(key)}]` : `.${String(key)}`))
  return keys.join('').replace(/^\./, '')
}

/** What a schema does not tell: all unknown keys (v.strictObject stops at the first), and what makes no sense together. */
function describeFlaws(options: unknown): string[] {
  if (!isObject(options)) return []
  const inSections = SECTIONS.flatMap((section) => {
    const value = options[section]
    return isObject(value) ? describeUnknownKeys(value, Object.keys(DEFAULTS[section]), `${section}.`) : []
  })
  return [
    ...describeUnknownKeys(options, Object.keys(DEFAULTS)),
    ...inSections,
    ...describeGroupFlaws(options['groups']),
    ...describeRuleFlaws(options['rules']),
    ...describeResourceFlaws(options['resources']),
  ]
}
