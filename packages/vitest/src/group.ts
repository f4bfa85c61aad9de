import type { GroupFunction, GroupNames } from '@heddle/core/serial'
import { configuredWorker } from './configured-worker.js'
import { loadSerial } from './load-core.js'

/**
 * The whole file is in these groups, from before its first line runs to after its last `afterAll`; with
 * `group.exclusive`, alone in them. It is read from the source: literals, on a line of its own. `@group postgres` in a
 * comment at the top does the same.
 *
 * @throws HeddleError `HEDDLE_GROUP_UNREAD`, `HEDDLE_NOT_CONFIGURED`; before the run, `HEDDLE_GROUP_UNKNOWN`
 *
 * @example
 * import { group } from '@heddle/vitest'
 *
 * group('postgres')
 */
export const group: GroupFunction = Object.assign((...names: GroupNames) => checked()(...names), {
  exclusive: (...names: GroupNames) => checked().exclusive(...names),
})

function checked(): GroupFunction {
  return loadSerial().createGroup((memberships) => configuredWorker('group').claimGroups(memberships))
}
