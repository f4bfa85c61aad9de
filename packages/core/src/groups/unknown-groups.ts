import { HeddleError } from '../errors.js'
import { guessOf } from '../unknown-keys.js'

/** Somebody says that something is in a group. */
export interface NamedGroup {
  /** What is to be in it, for people: `test/a.test.ts (line 3)`, `rules[0]`. */
  readonly what: string
  readonly group: string
}

/** @throws HeddleError `HEDDLE_GROUP_UNKNOWN`, with all that is not known at once */
export function refuseUnknownGroups(named: readonly NamedGroup[], groups: readonly string[]): void {
  const unknown = named.filter(({ group }) => !groups.includes(group))
  if (unknown.length === 0) return
  const names = [...new Set(unknown.map(({ group }) => group))]
  const guesses = new Set(names.map((name) => guessOf(name, groups)).filter((guess) => guess !== undefined))
  const hint = guesses.size === 0 ? 'add' : `did you mean ${quoted([...guesses])}? Otherwise add`
  const problem = unknown.map(({ what, group }) => `${what} into group "${group}"`).join(', nor ')
  const known = groups.length === 0 ? 'there are no groups' : `the groups are ${quoted(groups)}`
  throw new HeddleError('HEDDLE_GROUP_UNKNOWN', {
    problem: `Cannot put ${problem}: ${known}`,
    fix: `${hint} ${quoted(names)} to groups in heddle.config.ts.`,
  })
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
