import { HeddleError } from '../errors.js'

/**
 * What `heddle.groupSlot(…)` gives.
 *
 * @param slot undefined if neither the file nor the running test is in the group
 * @param file as people know it
 * @throws HeddleError `HEDDLE_GROUP_NOT_HELD`
 */
export function requireGroupSlot(group: string, slot: number | undefined, file: string): number {
  if (slot !== undefined) return slot
  throw new HeddleError('HEDDLE_GROUP_NOT_HELD', {
    problem: `Cannot tell the slot in group "${group}": neither ${file} nor what runs in it now is in this group`,
    fix: "write group('postgres') on a line of its own in the test file, or a rule for it; the slot of a single test is known while it runs.",
  })
}
