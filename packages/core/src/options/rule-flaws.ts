import { reasonOf } from '../errors.js'
import { listOf } from '../groups/rule.js'
import { slotVariableOf } from '../groups/slot-variables.js'
import { describeUnknownKeys, guessOf } from '../unknown-keys.js'
import { isObject } from './object-schema.js'

const GROUP_KEYS = ['limit', 'scope']
const MATCHERS = ['files', 'tests', 'tags', 'project', 'platform', 'when']
const SETTINGS = ['group', 'weight', 'priority']
const TARGET_KEYS = ['name', 'mode']
const PLATFORMS = [
  'aix',
  'android',
  'cygwin',
  'darwin',
  'freebsd',
  'haiku',
  'linux',
  'netbsd',
  'openbsd',
  'sunos',
  'win32',
]
const OTHER_NAMES: Readonly<Record<string, string>> = {
  windows: 'win32',
  win: 'win32',
  win64: 'win32',
  macos: 'darwin',
  mac: 'darwin',
  osx: 'darwin',
}

/** What is wrong with `groups` beyond the types of its values. */
export function describeGroupFlaws(groups: unknown): string[] {
  if (!isObject(groups)) return []
  return Object.entries(groups).flatMap(([name, group], i, all) => [
    ...describeName(name),
    ...describeTwins(
      name,
      all.slice(0, i).map(([other]) => other),
    ),
    ...(isObject(group) ? describeUnknownKeys(group, GROUP_KEYS, `groups.${name}.`) : []),
  ])
}

/** Names are written in comments, apart by spaces and commas, and `#` comes before a slot in the names of leases. */
function describeName(name: string): string[] {
  if (Object.hasOwn(Object.prototype, name)) return [`a group cannot have the name "${name}"`]
  return /^[^\s,#'"`\\]+$/.test(name)
    ? []
    : [`a group cannot have the name "${name}": names have no spaces, commas, quotes, backslashes and no #`]
}

function describeTwins(name: string, earlier: readonly string[]): string[] {
  const twin = earlier.find((other) => slotVariableOf(other) === slotVariableOf(name))
  return twin === undefined
    ? []
    : [`the groups "${twin}" and "${name}" would have one variable for their slots, ${slotVariableOf(name)}`]
}

/** What is wrong with `rules` beyond the types of their values. */
export function describeRuleFlaws(rules: unknown): string[] {
  if (!Array.isArray(rules)) return []
  return rules.flatMap((rule: unknown, i) => (isObject(rule) ? describeRule(rule, `rules[${i}]`) : []))
}

function describeRule(rule: Record<string, unknown>, path: string): string[] {
  const isGiven = (name: string): boolean => rule[name] !== undefined
  const flaws = describeUnknownKeys(rule, [...MATCHERS, ...SETTINGS], `${path}.`)
  if (!MATCHERS.some(isGiven)) flaws.push(`"${path}" matches nothing: it needs one of ${MATCHERS.join(', ')}`)
  if (!SETTINGS.some(isGiven)) flaws.push(`"${path}" sets nothing: it needs one of ${SETTINGS.join(', ')}`)
  if (isGiven('tests') && isGiven('priority')) {
    flaws.push(`"${path}" has "tests" and "priority", but priority is the place of a file among files`)
  }
  return [...flaws, ...describePattern(rule, path), ...describePlatforms(rule, path), ...describeTargets(rule, path)]
}

function describePattern({ tests }: Record<string, unknown>, path: string): string[] {
  try {
    if (typeof tests === 'string') void new RegExp(tests)
    return []
  } catch (error) {
    return [`"${path}.tests" is no regular expression: ${reasonOf(error)}`]
  }
}

function describePlatforms({ platform }: Record<string, unknown>, path: string): string[] {
  const named = listOf(platform).filter((name) => typeof name === 'string')
  return named
    .filter((name) => name !== '' && !PLATFORMS.includes(name))
    .map((name) => {
      const guess = OTHER_NAMES[name.toLowerCase()] ?? guessOf(name.toLowerCase(), PLATFORMS)
      const hint = guess === undefined ? `known are ${PLATFORMS.join(', ')}` : `did you mean "${guess}"?`
      return `"${path}.platform" must be a value of process.platform, got "${name}", ${hint}`
    })
}

function describeTargets({ group }: Record<string, unknown>, path: string): string[] {
  const place = (i: number): string => (Array.isArray(group) ? `${path}.group[${i}]` : `${path}.group`)
  return listOf(group).flatMap((target, i) => {
    if (typeof target === 'string') return []
    if (!isObject(target)) return [`"${place(i)}" must be the name of a group or { name, mode }`]
    return describeTarget(target, place(i))
  })
}

function describeTarget(target: Record<string, unknown>, path: string): string[] {
  const flaws = describeUnknownKeys(target, TARGET_KEYS, `${path}.`)
  if (typeof target['name'] !== 'string') flaws.push(`"${path}.name" must be the name of a group`)
  if (!['shared', 'exclusive', undefined].includes(target['mode'] as string | undefined)) {
    flaws.push(`"${path}.mode" must be ("shared" | "exclusive"), got ${JSON.stringify(target['mode'])}`)
  }
  return flaws
}
