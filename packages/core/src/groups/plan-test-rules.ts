import type { Group } from './demand.js'
import type { FileRule, RuleSubject } from './file-rules.js'
import type { GlobPattern } from './glob-patterns.js'
import { listOf, membershipsOf } from './rule.js'
import type { TestRule, TestRules } from './test-rules.js'

/**
 * What workers are told of the rules that can be about single tests. Globs become regular expressions, and functions are
 * asked here, so that a worker needs neither.
 *
 * @param rules those of this platform
 */
export function planTestRules(
  rules: readonly FileRule[],
  groups: ReadonlyMap<string, Group>,
  files: readonly RuleSubject[],
): TestRules {
  return {
    groups: Array.from(groups.values(), ({ name, limit, scope }) => ({
      name,
      limit: limit === Infinity ? null : limit,
      scope,
    })),
    rules: rules
      .filter(({ rule, canBeAboutTests }) => canBeAboutTests && (rule.group !== undefined || rule.weight !== undefined))
      .map((rule) => toTestRule(rule, files)),
  }
}

function toTestRule(fileRule: FileRule, files: readonly RuleSubject[]): TestRule {
  const { rule, globs } = fileRule
  const { tests, tags, project, when, group, weight } = rule
  return {
    because: fileRule.because,
    ...(globs && { files: { include: sourcesOf(globs.include), exclude: sourcesOf(globs.exclude) } }),
    ...(when && { keys: files.filter((file) => fileRule.admits(file)).map(({ key }) => key) }),
    ...(project !== undefined && { projects: listOf(project) }),
    ...(tests !== undefined && { tests: patternOf(tests) }),
    ...(tags !== undefined && { tags: listOf(tags) }),
    ...(group !== undefined && { groups: membershipsOf(rule) }),
    ...(weight !== undefined && { weight }),
  }
}

function sourcesOf(patterns: readonly GlobPattern[]): string[] {
  return patterns.map(({ pattern }) => pattern.source)
}

/** Without the flags that make an expression remember where it was. */
function patternOf(tests: RegExp | string): { source: string; flags: string } {
  return typeof tests === 'string'
    ? { source: tests, flags: '' }
    : { source: tests.source, flags: tests.flags.replaceAll(/[gy]/g, '') }
}
