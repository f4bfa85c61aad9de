import { types } from 'node:util'
import type * as Valibot from 'valibot'
import type { Rule, RuleFile } from '../groups/rule.js'
import { LEASE_SCOPES } from '../leases/scope.js'
import { isObject, objectOf, withoutUndefined } from './object-schema.js'

/** The values of `groups`, by name. The names themselves are judged by {@link describeGroupFlaws}. */
export function groupsSchema(v: typeof Valibot) {
  const limit = v.custom<number>(
    (value) => value === Infinity || isWhole(value, 1),
    'must be a whole number of at least 1, or Infinity',
  )
  const group = objectOf(v, { limit: v.optional(limit, 1), scope: v.optional(v.picklist(LEASE_SCOPES), 'run') })
  return v.pipe(
    v.custom<Record<string, Valibot.InferInput<typeof group>>>(isObject, 'must be an object'),
    v.record(v.string(), group),
  )
}

/** A list of rules, each for itself. What its settings mean together is judged by {@link describeRuleFlaws}. */
export function rulesSchema(v: typeof Valibot) {
  const names = v.custom<string | readonly string[]>(isNames, 'must be a string or a list of strings, neither empty')
  const rule = objectOf(v, {
    files: v.optional(names),
    tests: v.optional(v.custom<RegExp | string>(isPattern, 'must be a regular expression or a string')),
    tags: v.optional(names),
    project: v.optional(v.custom<string | readonly string[]>(isProject, 'must be a string or a list of strings')),
    platform: v.optional(names),
    when: v.optional(
      v.custom<(file: RuleFile) => boolean>((value) => typeof value === 'function', 'must be a function'),
    ),
    // Judged in more words by describeRuleFlaws.
    group: v.optional(v.custom<NonNullable<Rule['group']>>(() => true)),
    weight: v.optional(
      v.custom<number | 'all'>(
        (value) => value === 'all' || isWhole(value, 1),
        "must be a whole number of at least 1, or 'all'",
      ),
    ),
    priority: v.optional(
      v.custom<number>((value) => isWhole(value, -100, 100), 'must be a whole number from -100 to 100'),
    ),
  })
  return v.pipe(
    v.custom<Valibot.InferInput<typeof rule>[]>(Array.isArray, 'must be a list of rules'),
    v.array(rule),
    v.transform((rules) => rules.map((one) => withoutUndefined(one) as Rule)),
  )
}

function isWhole(value: unknown, min: number, max = Infinity): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
}

function isNames(value: unknown): boolean {
  const isName = (name: unknown): boolean => typeof name === 'string' && name !== ''
  return Array.isArray(value) ? value.length > 0 && value.every(isName) : isName(value)
}

/** The project without a name is a project. */
function isProject(value: unknown): boolean {
  return value === '' || isNames(Array.isArray(value) ? value.map((name) => (name === '' ? 'unnamed' : name)) : value)
}

/** Not `instanceof`: a config may come from another realm. */
function isPattern(value: unknown): boolean {
  return types.isRegExp(value) || (typeof value === 'string' && value !== '')
}
