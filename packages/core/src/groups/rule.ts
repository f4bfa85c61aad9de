import type { LeaseScope } from '../leases/scope.js'
import type { Membership } from './demand.js'

/** How many may be in a group at the same time, and who counts. */
export interface GroupOptions {
  /** How many permits there are, a whole number ≥ 1, or `Infinity` for a group in which only exclusive members wait. @default 1 */
  readonly limit?: number
  /**
   * Who shares the permits: this run, all runs in the workspace (the repository with its worktrees), or everything this
   * user runs on the machine.
   *
   * @default 'run'
   */
  readonly scope?: LeaseScope
}

/** A group with all its options, and where it was declared. */
export interface PlacedGroup extends Required<GroupOptions> {
  /** See {@link PlacedRule.dir}; of a group declared in two places the wider one. */
  readonly dir: string
}

/** A group as a rule names it; without a mode it is `shared`. */
export type GroupTarget =
  | string
  | {
      /** One of the keys of `groups`. */
      readonly name: string
      /** `shared` takes as many permits as the member weighs, `exclusive` all of them. @default 'shared' */
      readonly mode?: Membership['mode']
    }

/** A test file as the function of a rule sees it. */
export interface RuleFile {
  /** Relative to where the rule is written, like its globs, with forward slashes. */
  readonly path: string
  /** Absolute. */
  readonly file: string
  /** The name of its project; '' if it has none. */
  readonly project: string
  /** What its own text says: `@group x` in the comment at its top, `@module-tag x`. */
  readonly tags: readonly string[]
}

/**
 * Which files or tests need what. All matchers that a rule has must match, and it needs at least one. Of several rules
 * that match, the first one with a setting decides that setting.
 *
 * A rule with `tests` is about single tests; one with `tags` is about the files that have the tag themselves and, in
 * all others, about single tests; any other rule is about files. A test has its own groups besides those of its file.
 *
 * @example
 * const rules: Rule[] = [
 *   { files: 'test/db/**', group: 'postgres' },
 *   { files: ['test/e2e/**', '!test/e2e/offline/**'], project: 'node', group: ['postgres', { name: 'smtp', mode: 'exclusive' }] },
 *   { tests: /@stripe/, group: 'third-party-api' },
 *   { tags: 'heavy', weight: 2 },
 *   { files: 'test/gpu/**', group: 'gpu', platform: 'linux' },
 *   { when: ({ path }) => path.endsWith('.slow.test.ts'), priority: 10 },
 * ]
 */
export interface Rule {
  /**
   * Globs of test files, relative to where the rule is written: inline to the directory that the host runs in, in
   * `heddle.config.*` to the directory of that file. Any of them must match, and none of those that begin with `!`.
   */
  readonly files?: string | readonly string[]
  /** Full names of tests, those of their blocks in front, apart by spaces. A string is a regular expression, as for `-t`. */
  readonly tests?: RegExp | string
  /** Any of these tags: of the file (`@group x` in the comment at its top, `@module-tag x`) or, in Vitest, of the test. */
  readonly tags?: string | readonly string[]
  /** Any of these projects. */
  readonly project?: string | readonly string[]
  /** Any of these values of `process.platform`. */
  readonly platform?: NodeJS.Platform | readonly NodeJS.Platform[]
  /** Asked once per file, before the run. */
  readonly when?: (file: RuleFile) => boolean
  /** Groups to be in. An empty list: none, whatever later rules say. */
  readonly group?: GroupTarget | readonly GroupTarget[]
  /**
   * How many permits to take of each group, and how many worker slots, a whole number ≥ 1; more than there are means all of
   * them. `'all'` with groups is all permits of these and one slot, without groups all slots. A single test takes permits
   * only, its file has the slot already.
   *
   * @default 1
   */
  readonly weight?: number | 'all'
  /** Files of higher priority start first, a whole number from −100 to 100. Not for single tests. @default 0 */
  readonly priority?: number
}

/** A rule, with where it was written. */
export interface PlacedRule extends Rule {
  /** What its globs are relative to: a POSIX path from the workspace root, '' for the root itself. */
  readonly dir: string
  /** For people: `rules[2]` or `rules[2] of heddle.config.ts`. */
  readonly place: string
}

/** One or several as several. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

/** The groups that a rule names. */
export function membershipsOf({ group }: Rule): Membership[] {
  return listOf(group).map((target) =>
    typeof target === 'string'
      ? { group: target, mode: 'shared' }
      : { group: target.name, mode: target.mode ?? 'shared' },
  )
}
