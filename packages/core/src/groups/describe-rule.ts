import { listOf, type PlacedRule } from './rule.js'

/** A rule for people: `rules[0] of heddle.config.ts (files "test/db/**", platform "linux")`. */
export function describeRule(rule: PlacedRule): string {
  const { place, files, tests, tags, project, platform, when } = rule
  const matchers = [
    ...named('files', files),
    ...(tests === undefined ? [] : [`tests ${typeof tests === 'string' ? JSON.stringify(tests) : String(tests)}`]),
    ...named('tags', tags),
    ...named('project', project),
    ...named('platform', platform),
    ...(when === undefined ? [] : ['when …']),
  ]
  return `${place} (${matchers.join(', ')})`
}

function named(matcher: string, names: string | readonly string[] | undefined): string[] {
  if (names === undefined) return []
  return [
    `${matcher} ${listOf(names)
      .map((name) => `"${name}"`)
      .join(' | ')}`,
  ]
}
