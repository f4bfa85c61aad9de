import { HeddleError } from '../errors.js'
import type { Membership } from '../groups/demand.js'
import { fileGroupsOf } from '../groups/file-groups.js'
import { refuseUnknownGroups } from '../groups/unknown-groups.js'

/** Names of groups, or lists of them. */
export type GroupNames = readonly (string | readonly string[])[]

/** The `group` function of a host. */
export interface GroupFunction {
  /** The file is in these groups, from its first line to its last. */
  (...names: GroupNames): void
  /** The file is alone in these groups. */
  exclusive(...names: GroupNames): void
}

/**
 * The `group` function of a host: `group('postgres')`, `group('a', 'b')`, `group.exclusive('a')`. The groups are taken
 * before the file runs, so a call only makes sure that they were.
 *
 * @param check see {@link checkFileGroups}
 *
 * @example
 * const group = createGroup((called) => checkFileGroups(called, { file, source, declared }))
 */
export function createGroup(check: (called: readonly Membership[]) => void): GroupFunction {
  const calling =
    (mode: Membership['mode']) =>
    (...names: GroupNames): void =>
      check(names.flat().map((group) => ({ group, mode })))
  return Object.assign(calling('shared'), { exclusive: calling('exclusive') })
}

/** What is known of a test file before it runs. */
export interface ReadFile {
  /** As people know it. */
  readonly file: string
  readonly source: string
  /** The names of all groups. */
  readonly declared: readonly string[]
}

/**
 * Makes sure that what a file says while it runs was read from its source before.
 *
 * @param called what a call says
 * @throws HeddleError `HEDDLE_GROUP_UNKNOWN`, `HEDDLE_GROUP_UNREAD`
 */
export function checkFileGroups(called: readonly Membership[], { file, source, declared }: ReadFile): void {
  if (called.length === 0) throw unread('no group is named', "group('postgres')")
  const read = fileGroupsOf(source).groups
  const missing = called.filter(({ group, mode }) => {
    const found = read.filter((one) => one.group === group)
    return !found.some((one) => one.mode === 'exclusive' || one.mode === mode)
  })
  const named = called.filter(({ group }) => typeof group === 'string')
  refuseUnknownGroups(
    named.map(({ group }) => ({ what: file, group })),
    declared,
  )
  if (missing.length > 0) throw unreadGroups(missing, file)
}

function unreadGroups(missing: readonly Membership[], file: string): HeddleError {
  const exclusive = missing[0]?.mode === 'exclusive'
  const call = exclusive ? 'group.exclusive' : 'group'
  const names = missing.map(({ group }) => (typeof group === 'string' ? `'${group}'` : String(group)))
  const comment = `@group${exclusive ? '-exclusive' : ''} ${missing.map(({ group }) => group).join(' ')}`
  return unread(
    `${call}(${names.join(', ')}) of ${file} is taken before the file runs, and its source does not say so in a way that can be read`,
    `${call}(${names.join(', ')}) on a line of its own, with the names in quotes, or \`${comment}\` in a comment at the top`,
  )
}

function unread(reason: string, example: string): HeddleError {
  return new HeddleError('HEDDLE_GROUP_UNREAD', {
    problem: `Cannot use group: ${reason}`,
    fix: `write ${example}.`,
  })
}
