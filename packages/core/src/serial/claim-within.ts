import { HeddleError } from '../errors.js'
import type { GroupClaim } from '../groups/group-lease.js'
import { compareGroups } from '../groups/group-order.js'
import {
  coversGroup,
  describeClaim,
  describeGroup,
  groupsOf,
  isExclusive,
  serialOf,
  type Claim,
  type JointClaim,
} from './claim.js'
import { covers, invalidSerial, type SerialClaim } from './serial-claim.js'

/**
 * What is left to take inside blocks or files that hold something already: nothing, if they hold it.
 *
 * Everybody takes things in one order: groups by scope and name, then keys. Whoever took something earlier in it than
 * what is held around could wait for somebody who does the reverse.
 *
 * @param outer what is held around it
 * @throws HeddleError `HEDDLE_GROUP_ORDER` for a group that comes before something that is held, `HEDDLE_SERIAL_INVALID`
 *   for a second key
 */
export function claimWithin(claim: Claim, outer: readonly Claim[]): JointClaim | undefined {
  const heldGroups = outer.flatMap(groupsOf)
  const groups = groupsOf(claim).filter((group) => !heldGroups.some((held) => coversGroup(held, group)))
  const isSerial = outer.some((one) => serialOf(one) !== undefined)
  const late = isSerial ? groups : groups.filter((group) => heldGroups.some((held) => compareGroups(held, group) >= 0))
  if (late.length > 0) throw outOfOrder(late, outer)
  const serial = serialWithin(serialOf(claim), outer)
  return groups.length === 0 && serial === undefined ? undefined : { groups, serial }
}

function serialWithin(claim: SerialClaim | undefined, outer: readonly Claim[]): SerialClaim | undefined {
  const serials = outer.flatMap((one) => serialOf(one) ?? [])
  if (claim === undefined || serials.length === 0) return claim
  if (serials.some((one) => covers(one, claim))) return undefined
  const held = serials.map(describeClaim).join(' and ')
  throw invalidSerial(
    `${describeClaim(claim)} is asked for inside of something that holds ${held}; to take a second key while holding one could deadlock`,
    'give the block or file around it all keys that its tests need, or move the test out of it.',
  )
}

function outOfOrder(late: readonly GroupClaim[], outer: readonly Claim[]): HeddleError {
  const wanted = late.map(describeGroup).join(', ')
  const held = outer.map(describeClaim).filter(Boolean).join(' and ')
  return new HeddleError('HEDDLE_GROUP_ORDER', {
    problem: `Cannot take ${wanted}: the file or block around holds ${held}; groups are taken before keys, by scope and then by name, because two tests that take them in different orders could wait for each other for ever`,
    fix: `let the file take ${late.length === 1 ? 'it' : 'them'} as well, before it runs: ${wordsFor(late)}, or the same in a rule for the file.`,
  })
}

/** What to write into the file. */
function wordsFor(groups: readonly GroupClaim[]): string {
  const namesOf = (isAlone: boolean): string =>
    groups
      .filter((group) => isExclusive(group) === isAlone)
      .map(({ name }) => `'${name}'`)
      .join(', ')
  const calls = [
    ['group', namesOf(false)],
    ['group.exclusive', namesOf(true)],
  ]
  const written = calls.flatMap(([call, names]) => (names === '' ? [] : `${call}(${names})`)).join(' and ')
  const weight = Math.max(...groups.map(({ permits }) => (permits === 'all' ? 1 : permits)))
  return `write ${written} on a line of its own in it${weight > 1 ? `, and give it weight ${weight} in a rule` : ''}`
}
