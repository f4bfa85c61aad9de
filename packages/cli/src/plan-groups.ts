import {
  permitsOf,
  type DemandReason,
  type FoundFileDemand,
  type FoundTestRule,
  type Group,
  type Job,
  type Membership,
} from '@heddle/core'

/** A file with what it needs and how long it is expected to take. */
export type DemandingJob = FoundFileDemand & Job

/** A file in a group. */
export interface GroupMember {
  readonly job: DemandingJob
  readonly mode: Membership['mode']
  /** How many of the group it takes. */
  readonly permits: number
  /** Which rules or lines put it there. */
  readonly because: readonly string[]
}

/** A group with everybody in it. */
export interface GroupReport {
  readonly group: Group
  /** Most work first. */
  readonly members: readonly GroupMember[]
  /** Rules and lines that name it, in the order in which they are met. */
  readonly sources: readonly string[]
  /** Rules that put single tests into it. */
  readonly testRules: readonly string[]
  /** What its members are expected to take, ms. */
  readonly workMs: number
  /** How long they take at the least, however many workers there are, ms. */
  readonly atLeastMs: number
}

interface Listed {
  readonly groups: readonly Group[]
  readonly testRules: readonly FoundTestRule[]
}

/** Who is in which group, and why. */
export function planGroups({ groups, testRules }: Listed, jobs: readonly DemandingJob[]): GroupReport[] {
  return groups.map((group) => {
    const members = jobs.flatMap((job) => memberOf(group, job)).sort((a, b) => workOf(b) - workOf(a))
    const work = members.map(workOf)
    return {
      group,
      members,
      sources: [...new Set(members.flatMap(({ because }) => because))],
      testRules: testRules.filter((rule) => names(rule.groups, group)).map(({ because }) => because),
      workMs: sum(members.map(({ job }) => job.expectedMs)),
      atLeastMs: atLeast(group, members, sum(work)),
    }
  })
}

/** Limits by name, as the scheduler takes them. */
export function limitsOf(groups: readonly Group[]): Map<string, number> {
  return new Map(groups.map(({ name, limit }) => [name, limit]))
}

/** Files for which a rule says something, but that are in no group. */
export function settingsWithoutGroup(jobs: readonly DemandingJob[]): DemandingJob[] {
  return jobs.filter(
    ({ demand: { groups, weight, priority } }) => groups.length === 0 && (weight !== 1 || priority !== 0),
  )
}

function memberOf(group: Group, job: DemandingJob): GroupMember[] {
  const membership = job.demand.groups.find((one) => one.group === group.name)
  if (membership === undefined) return []
  const { mode } = membership
  const because = job.reasons.filter((reason) => isAbout(reason, group)).map((reason) => reason.because)
  return [{ job, mode, permits: permitsOf(job.demand.weight, group.limit, mode), because }]
}

function isAbout({ setting, group }: DemandReason, { name }: Group): boolean {
  return setting === 'group' && group === name
}

function names(memberships: readonly Membership[], { name }: Group): boolean {
  return memberships.some(({ group }) => group === name)
}

/** A group without a limit only makes its exclusive members go one by one. */
function atLeast({ limit }: Group, members: readonly GroupMember[], work: number): number {
  const longest = Math.max(0, ...members.map(({ job }) => job.expectedMs))
  if (Number.isFinite(limit)) return Math.max(longest, work / limit)
  const alone = members.filter(({ permits }) => permits === Infinity)
  return Math.max(longest, sum(alone.map(({ job }) => job.expectedMs)))
}

function workOf({ job, permits }: GroupMember): number {
  return job.expectedMs * (Number.isFinite(permits) ? permits : 1)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
