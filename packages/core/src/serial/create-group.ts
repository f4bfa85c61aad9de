import { HeddleError } from '../errors.js'
import type { Membership } from '../groups/demand.js'

/** The `group` function of a host. */
export interface GroupFunction {
  /** The file is in these groups, from its first line to its last. */
  (...names: readonly string[]): void
  /** The file is alone in these groups. */
  exclusive(...names: readonly string[]): void
}

/**
 * The `group` function of a host: `group('postgres')`, `group('a', 'b')`, `group.exclusive('a')`. The groups are taken
 * before the file runs, so a call only makes sure that they were.
 *
 * @param check see {@link checkFileGroups}
 *
 * @example
 * const group = createGroup((called) => checkFileGroups(called, fileGroups, file))
 */
export function createGroup(check: (called: readonly Membership[]) => void): GroupFunction {
  const calling =
    (mode: Membership['mode']) =>
    (...names: readonly string[]): void =>
      check(names.map((group) => ({ group, mode })))
  return Object.assign(calling('shared'), { exclusive: calling('exclusive') })
}

/**
 * @param called what a call says
 * @param read what the source says
 * @param file as people know it
 * @throws HeddleError `HEDDLE_GROUP_UNREAD`
 */
export function checkFileGroups(called: readonly Membership[], read: readonly Membership[], file: string): void {
  if (called.length === 0) throw unread('no group is named', "group('postgres')")
  const missing = called.filter(({ group, mode }) => {
    const found = read.filter((one) => one.group === group)
    return !found.some((one) => one.mode === 'exclusive' || one.mode === mode)
  })
  if (missing.length === 0) return
  const exclusive = missing[0]?.mode === 'exclusive'
  const call = exclusive ? 'group.exclusive' : 'group'
  const names = missing.map(({ group }) => (typeof group === 'string' ? `'${group}'` : String(group)))
  const comment = `@group${exclusive ? '-exclusive' : ''} ${missing.map(({ group }) => group).join(' ')}`
  throw unread(
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
