import { displayKey } from '../workspace/job-key.js'
import { NO_DEMAND, type Demand, type Group, type Membership } from './demand.js'
import type { FileGroups, NamedMembership } from './file-groups.js'
import type { FileRule } from './file-rules.js'
import { mergeMemberships } from './merge-memberships.js'
import { listOf, membershipsOf, type PlacedRule } from './rule.js'
import type { NamedGroup } from './unknown-groups.js'

/** Why a file needs something. */
export type Reason = {
  /** `rules[2] in heddle.config.ts`, or `line 3` of the file itself. */
  readonly because: string
} & (
  | { readonly setting: 'group'; readonly value: Membership }
  | { readonly setting: 'weight'; readonly value: Demand['weight'] }
  | { readonly setting: 'priority'; readonly value: number }
)

/** What a file needs, and what decided it. */
export interface Decision {
  readonly demand: Demand
  readonly reasons: readonly Reason[]
}

const UNDECIDED: Decision = { demand: NO_DEMAND, reasons: [] }

/**
 * What one file needs: of the rules about it, the first with a setting decides that setting; the groups that the file names
 * itself are added.
 *
 * @param rules those of this platform
 */
export function decideFile(
  key: string,
  text: FileGroups,
  rules: readonly FileRule[],
  groups: ReadonlyMap<string, Group>,
): Decision {
  const deciding = rules.filter((rule) => rule.decides({ key, tags: text.tags })).map(({ rule }) => rule)
  const reasons = [
    ...groupReasons(deciding, text, groups),
    ...settingReasons(deciding, 'weight'),
    ...settingReasons(deciding, 'priority'),
  ]
  if (reasons.length === 0) return UNDECIDED
  const demand = reasons.reduce<Demand>(withReason, NO_DEMAND)
  return { demand: { ...demand, groups: mergeMemberships(demand.groups, groups) }, reasons }
}

/** The groups that a file names although there are none of that name. */
export function unknownGroupsIn(
  key: string,
  text: FileGroups,
  groups: ReadonlyMap<string, Group>,
  rules: readonly PlacedRule[],
): NamedGroup[] {
  return text.groups
    .filter((named) => !groups.has(named.group) && !isTag(named, groups, rules))
    .map(({ group, line }) => ({ what: `${displayKey(key)} (line ${line})`, group }))
}

/** Other tools have tags of this form; who has no groups at all means one of those. */
function isTag(
  { group, canBeTag }: NamedMembership,
  groups: ReadonlyMap<string, Group>,
  rules: readonly PlacedRule[],
): boolean {
  return canBeTag && (groups.size === 0 || rules.some(({ tags }) => listOf(tags).includes(group)))
}

function groupReasons(rules: readonly PlacedRule[], text: FileGroups, groups: ReadonlyMap<string, Group>): Reason[] {
  const rule = rules.find(({ group }) => group !== undefined)
  const ofRule = rule === undefined ? [] : membershipsOf(rule).map((value) => ({ value, because: rule.place }))
  const ofFile = text.groups
    .filter(({ group }) => groups.has(group))
    .map(({ group, mode, line }) => ({ value: { group, mode }, because: `line ${line}` }))
  return [...ofRule, ...ofFile].map((reason) => ({ setting: 'group', ...reason }))
}

function settingReasons(rules: readonly PlacedRule[], setting: 'weight' | 'priority'): Reason[] {
  const rule = rules.find((one) => one[setting] !== undefined)
  return rule === undefined ? [] : [{ setting, value: rule[setting], because: rule.place } as Reason]
}

function withReason(demand: Demand, reason: Reason): Demand {
  return reason.setting === 'group'
    ? { ...demand, groups: [...demand.groups, reason.value] }
    : { ...demand, [reason.setting]: reason.value }
}
