import { describeUnknownKeys, HeddleError } from '@heddle/core'
import * as v from 'valibot'

/** What options are for, and what makes no sense together. */
export interface OptionsOf<E extends v.ObjectEntries> {
  /** As people write it: `postgres({ … })`. */
  readonly place: string
  readonly entries: E
  /** What the entries do not tell, of options that they take. */
  readonly describeFlaws?: (options: v.InferOutput<v.ObjectSchema<E, undefined>>) => readonly string[]
}

/**
 * Validates the options of a resource at once, where the user writes them.
 *
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`, with all problems
 */
export function checkOptions<const E extends v.ObjectEntries>(
  options: unknown,
  { place, entries, describeFlaws }: OptionsOf<E>,
): v.InferOutput<v.ObjectSchema<E, undefined>> {
  const result = v.safeParse(v.pipe(v.custom<object>(isRecord), v.object(entries)), options)
  const unknown = isRecord(options) ? describeUnknownKeys(options, Object.keys(entries)) : []
  const problems = [...(result.issues ?? []).map(describeIssue), ...unknown]
  if (result.success) problems.push(...(describeFlaws?.(result.output) ?? []))
  if (result.success && problems.length === 0) return result.output
  throw new HeddleError('HEDDLE_OPTIONS_INVALID', {
    problem: `Cannot use ${place}: ${problems.join('; ')}`,
    fix: 'see docs/databases.md for every option, its type and its default.',
  })
}

/** One text, or several. */
export const textsSchema = v.union([nonEmptyText(), v.array(nonEmptyText())], 'must be a text or a list of texts')

/** Anything that can be called. */
export const functionSchema = v.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
)

/** When it is made clean. Which of them an engine offers, it says itself. */
export function perTestSchema<const Ways extends readonly string[]>(ways: Ways) {
  return v.optional(v.picklist(ways))
}

/** See {@link import('./migration-options.js').Migrations}. */
export const migrationsSchema = v.custom<unknown>(
  isMigrations,
  'must be globs of files, { files, run } or { files, command }',
)

export function nonEmptyText() {
  return v.pipe(
    v.string(),
    v.check((text) => text !== '', 'must not be empty'),
  )
}

/** Nothing is `[]`, one is a list of one. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

function isMigrations(value: unknown): boolean {
  if (v.is(textsSchema, value)) return true
  if (!isRecord(value) || !v.is(textsSchema, value['files'])) return false
  const { files: _files, run, command, ...others } = value
  if (Object.keys(others).length > 0) return false
  return typeof run === 'function' ? command === undefined : run === undefined && v.is(nonEmptyText(), command)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key)).join('.')
  if (path === '') return `expected an object, got ${issue.received}`
  const hasOwnWords = issue.message.startsWith('must ')
  return `"${path}" ${hasOwnWords ? issue.message : `must be ${issue.expected}`}, got ${issue.received}`
}
