import type { DemandReason, FoundTestRule } from '../plan/found-files.js'
import { decideFile, unknownGroupsIn, type Decision } from './decide-file.js'
import { NO_DEMAND, type Demand, type Group, type Membership } from './demand.js'
import { describeUnused } from './describe-unused.js'
import { FileRule } from './file-rules.js'
import { FileTexts } from './file-texts.js'
import { planTestRules } from './plan-test-rules.js'
import { listOf, membershipsOf, type PlacedGroup, type PlacedRule } from './rule.js'
import { NO_TEST_RULES, type TestRules } from './test-rules.js'
import { refuseUnknownGroups } from './unknown-groups.js'

/** Who needs what besides a worker, and why. */
export interface GroupPlan {
  /** By name, as declared. */
  readonly groups: ReadonlyMap<string, Group>
  readonly limits: ReadonlyMap<string, number>
  /** Groups that not only the scheduler of this run gives out: those of a wider scope, and those that single tests take. */
  readonly leased: ReadonlySet<string>
  /** For the workers. */
  readonly testRules: TestRules
  /** The same for the command line. */
  readonly listedTestRules: readonly FoundTestRule[]
  /** What is probably not meant so: globs that match nothing, groups that nobody uses. */
  readonly warnings: readonly string[]
  /** What a file needs. @throws HeddleError `HEDDLE_GROUP_UNKNOWN` for a file that was not planned for */
  demandOf(key: string): Demand
  /** What a file is scheduled as a member of without being one: its tests hold it for most of the time. */
  hintsOf(key: string): readonly Membership[]
  /** What decided it; nothing for settings that have their default. */
  reasonsOf(key: string): readonly DemandReason[]
}

export interface GroupPlanInput {
  readonly workspace: string
  /** The directory that the host runs in, a POSIX path from the workspace root. */
  readonly rootDir: string
  readonly groups: Readonly<Record<string, PlacedGroup>>
  readonly rules: readonly PlacedRule[]
  /** The files that were found, by key. */
  readonly keys: readonly string[]
  /** The files of earlier runs, by key: if nothing of this run uses something, perhaps one of those does. */
  readonly knownKeys: () => Iterable<string>
  /** Whether this is known to be only part of the suite. Then nothing is said about what nobody uses. @default false */
  readonly isPartial?: boolean | undefined
  /** @default process.platform */
  readonly platform?: NodeJS.Platform
}

const EMPTY_PLAN: GroupPlan = {
  groups: new Map(),
  limits: new Map(),
  leased: new Set(),
  testRules: NO_TEST_RULES,
  listedTestRules: [],
  warnings: [],
  demandOf: () => NO_DEMAND,
  hintsOf: () => [],
  reasonsOf: () => [],
}

/**
 * Decides who is in which group, from rules and from what the files say about themselves. Every file is read once, and none
 * if there are neither groups nor rules.
 *
 * @throws HeddleError `HEDDLE_GROUP_UNKNOWN`, with all files at once; `HEDDLE_OPTIONS_INVALID` if the function of a rule fails
 */
export function planGroups(input: GroupPlanInput): GroupPlan {
  const { workspace, rules, keys } = input
  const groups = new Map(Object.entries(input.groups).map(([name, { limit, scope }]) => [name, { name, limit, scope }]))
  if (groups.size === 0 && rules.length === 0) return EMPTY_PLAN
  const texts = new FileTexts(workspace)
  const active = activeRules(input)
  const decisions = new Map<string, Decision>()
  const decide = (undecided: readonly string[]): void => {
    const unknown = undecided.flatMap((key) => unknownGroupsIn(key, texts.of(key), groups, rules))
    refuseUnknownGroups(unknown, [...groups.keys()])
    for (const key of undecided) decisions.set(key, decideFile(key, texts.of(key), active, groups))
  }
  const decisionOf = (key: string): Decision | undefined => {
    if (!decisions.has(key)) decide([key])
    return decisions.get(key)
  }
  decide(keys)
  const subjects = keys.map((key) => ({ key, tags: texts.of(key).tags }))
  const testRules = planTestRules(active, groups, subjects)
  return {
    groups,
    limits: new Map(Array.from(groups.values(), ({ name, limit }) => [name, limit])),
    leased: leasedOf(groups, active),
    testRules,
    listedTestRules: testRules.rules.flatMap(({ groups: named = [], because }) =>
      named.length === 0 ? [] : [{ groups: named, because }],
    ),
    warnings: input.isPartial ? [] : describeUnused({ ...input, texts }),
    demandOf: (key) => decisionOf(key)?.demand ?? NO_DEMAND,
    hintsOf: () => [],
    reasonsOf: (key) => decisionOf(key)?.reasons ?? [],
  }
}

function activeRules({ workspace, rules, platform = process.platform }: GroupPlanInput): FileRule[] {
  return rules
    .filter((rule) => rule.platform === undefined || listOf(rule.platform).includes(platform))
    .map((rule) => new FileRule(rule, workspace))
}

function leasedOf(groups: ReadonlyMap<string, Group>, rules: readonly FileRule[]): Set<string> {
  const wide = [...groups.values()].filter(({ scope }) => scope !== 'run').map(({ name }) => name)
  const ofTests = rules
    .filter(({ canBeAboutTests }) => canBeAboutTests)
    .flatMap(({ rule }) => membershipsOf(rule).map(({ group }) => group))
  return new Set([...wide, ...ofTests])
}
