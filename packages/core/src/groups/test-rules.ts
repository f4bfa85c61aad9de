import { jobKey } from '../workspace/job-key.js'
import type { Group, Membership } from './demand.js'
import { mergeMemberships } from './merge-memberships.js'

/** What a worker needs to know in which groups single tests are. Plain data, also as JSON. */
export interface TestRules {
  readonly groups: readonly SerialisedGroup[]
  /** In the order in which they count. */
  readonly rules: readonly TestRule[]
}

/** A {@link Group}; its limit is null instead of Infinity, which JSON does not know. */
interface SerialisedGroup extends Omit<Group, 'limit'> {
  readonly limit: number | null
}

/** A rule that can be about single tests. All matchers that it has must match. */
export interface TestRule {
  /** For people: `rules[2] of heddle.config.ts (tests /@stripe/)`. */
  readonly because: string
  /** Sources of regular expressions over paths from the workspace root. */
  readonly files?: { readonly include: readonly string[]; readonly exclude: readonly string[] }
  /** Files, by key: what the function of the rule said before the run. */
  readonly keys?: readonly string[]
  readonly projects?: readonly string[]
  readonly tests?: { readonly source: string; readonly flags: string }
  readonly tags?: readonly string[]
  readonly groups?: readonly Membership[]
  readonly weight?: number | 'all'
}

/** A file as the rules of its tests see it. */
export interface FileOfTests {
  /** POSIX, from the workspace root. */
  readonly path: string
  readonly project: string
  /** What its own text says; see {@link fileGroupsOf}. Rules with these tags are about the file, not about its tests. */
  readonly fileTags?: readonly string[]
}

/** One test as the rules see it. */
export interface NamedTest {
  /** Those of its blocks in front, apart by spaces. */
  readonly name: string
  readonly tags: readonly string[]
}

/** A group that a test takes for itself, and how many of its permits. */
export interface TestMembership extends Membership {
  readonly weight: number | 'all'
}

export const NO_TEST_RULES: TestRules = { groups: [], rules: [] }

/** The groups of the rules, by name. */
export function groupsOfRules({ groups }: TestRules): Map<string, Group> {
  return new Map(groups.map((group) => [group.name, { ...group, limit: group.limit ?? Infinity }]))
}

/**
 * How to tell the groups that the tests of a file are in, besides those of the file: of the rules about single tests, the
 * first that matches and names groups says which, the first that matches and has a weight how many permits.
 *
 * @returns undefined if no test of the file can be in any
 *
 * @example
 * const groupsOf = testGroupsIn(rules, { path: 'test/pay.test.ts', project: '' })
 * groupsOf?.({ name: 'checkout @stripe', tags: [] }) // [{ group: 'third-party-api', mode: 'shared', weight: 1 }]
 */
export function testGroupsIn(
  { groups, rules }: TestRules,
  file: FileOfTests,
): ((test: NamedTest) => readonly TestMembership[]) | undefined {
  const own = rules.filter((rule) => matchesFile(rule, file))
  if (own.every((rule) => (rule.groups ?? []).length === 0)) return undefined
  const known = groupsOfRules({ groups, rules })
  const tests = own.map((rule) => ({ rule, isMatch: createTestMatcher(rule, file.fileTags ?? []) }))
  return (test) => {
    const matching = tests.filter(({ isMatch }) => isMatch(test)).map(({ rule }) => rule)
    const memberships = matching.find((rule) => rule.groups !== undefined)?.groups ?? []
    const weight = matching.find((rule) => rule.weight !== undefined)?.weight ?? 1
    return mergeMemberships(memberships, known).map((membership) => ({ ...membership, weight }))
  }
}

function matchesFile({ files, keys, projects, tests, tags }: TestRule, file: FileOfTests): boolean {
  const { path, project, fileTags = [] } = file
  if (tests === undefined && tags?.some((tag) => fileTags.includes(tag))) return false
  if (keys !== undefined && !keys.includes(jobKey(project, path))) return false
  if (projects !== undefined && !projects.includes(project)) return false
  if (files === undefined) return true
  const isMatch = (source: string): boolean => new RegExp(source).test(path)
  return (files.include.length === 0 || files.include.some(isMatch)) && !files.exclude.some(isMatch)
}

/** A test has the tags of its file, too. */
function createTestMatcher({ tests, tags }: TestRule, fileTags: readonly string[]): (test: NamedTest) => boolean {
  const pattern = tests && new RegExp(tests.source, tests.flags)
  return (test) =>
    (pattern === undefined || pattern.test(test.name)) &&
    (tags === undefined || tags.some((tag) => fileTags.includes(tag) || test.tags.includes(tag)))
}
