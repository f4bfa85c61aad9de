import type { DemandReason } from '../plan/found-files.js'
import { displayKey } from '../workspace/job-key.js'
import { NO_DEMAND, type Demand, type Group, type Membership } from './demand.js'
import type { FileGroups, NamedMembership } from './file-groups.js'
import type { FileRule } from './file-rules.js'
import { mergeMemberships } from './merge-memberships.js'
import { listOf, membershipsOf, type PlacedRule } from './rule.js'
import type { NamedGroup } from './unknown-groups.js'

/** What a file needs, and what decided it. */
export interface Decision {
  readonly demand: Demand
  readonly reasons: readonly DemandReason[]
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
  const deciding = rules.filter((one) => one.decides({ key, tags: text.tags }))
  const byGroup = deciding.find(({ rule }) => rule.group !== undefined)
  const byWeight = deciding.find(({ rule }) => rule.weight !== undefined)
  const byPriority = deciding.find(({ rule }) => rule.priority !== undefined)
  const ownGroups = text.groups.filter(({ group }) => groups.has(group))
  if ([byGroup, byWeight, byPriority, ...ownGroups].every((one) => one === undefined)) return UNDECIDED
  const ruleGroups = byGroup === undefined ? [] : membershipsOf(byGroup.rule)
  const memberships = mergeMemberships([...ruleGroups, ...ownGroups], groups)
  return {
    demand: {
      ...shareOf(byWeight?.rule.weight ?? NO_DEMAND.weight, memberships),
      priority: byPriority?.rule.priority ?? NO_DEMAND.priority,
    },
    reasons: [
      ...ruleGroups.flatMap(({ group }) => reasonsOf('group', byGroup, group)),
      ...ownGroups.map((named) => ({ setting: 'group' as const, group: named.group, because: describeNamed(named) })),
      ...reasonsOf('weight', byWeight),
      ...reasonsOf('priority', byPriority),
    ],
  }
}

/** Who weighs all is alone in its groups, beside which others may run; without a group, alone in the run. */
function shareOf(weight: Demand['weight'], groups: readonly Membership[]): Pick<Demand, 'groups' | 'weight'> {
  if (weight !== 'all' || groups.length === 0) return { groups, weight }
  return { groups: groups.map(({ group }) => ({ group, mode: 'exclusive' })), weight: 1 }
}

function reasonsOf(
  setting: DemandReason['setting'],
  rule: FileRule | undefined,
  group?: string,
): readonly DemandReason[] {
  if (rule === undefined) return []
  return [{ setting, ...(group !== undefined && { group }), because: rule.because }]
}

/** `line 3: group.exclusive("postgres")` */
function describeNamed({ group, mode, line, isCall }: NamedMembership): string {
  const isExclusive = mode === 'exclusive'
  if (isCall) return `line ${line}: group${isExclusive ? '.exclusive' : ''}("${group}")`
  return `line ${line}: @group${isExclusive ? '-exclusive' : ''} ${group}`
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
  { group, mode, isCall }: NamedMembership,
  groups: ReadonlyMap<string, Group>,
  rules: readonly PlacedRule[],
): boolean {
  if (isCall || mode === 'exclusive') return false
  return groups.size === 0 || rules.some(({ tags }) => listOf(tags).includes(group))
}
