import { fileGroupsOf } from './file-groups.js'
import { claimOfMembership, type GroupClaim } from './group-lease.js'
import { groupsOfRules, testGroupsIn, type TestRules } from './test-rules.js'

/** A test file in its worker. */
interface TestFile {
  /** POSIX, from the workspace root. */
  readonly path: string
  readonly project: string
  readonly source: string
}

/**
 * What the tests of a file take of groups by themselves, as the rules say.
 *
 * @returns what a test takes, by its full name and tags; undefined if no rule is about tests of this file
 */
export function testClaimsIn(
  rules: TestRules,
  { path, project, source }: TestFile,
): ((name: string, tags: readonly string[]) => readonly GroupClaim[]) | undefined {
  if (rules.rules.length === 0) return undefined
  const membershipsOf = testGroupsIn(rules, { path, project, fileTags: fileGroupsOf(source).tags })
  if (membershipsOf === undefined) return undefined
  const groups = groupsOfRules(rules)
  return (name, tags) =>
    membershipsOf({ name, tags }).flatMap((membership) => {
      const group = groups.get(membership.group)
      return group === undefined ? [] : [claimOfMembership(group, membership, membership.weight)]
    })
}
