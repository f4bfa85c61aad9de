/** What a worker is told about its place in the run. */
export interface Slots {
  readonly runId: string
  /** The smallest number, from 1, that no other running file has. */
  readonly slot: number
  /** The same in each group of the file. */
  readonly groupSlots: Readonly<Record<string, number>>
}

const GROUP_SLOT = 'HEDDLE_GROUP_SLOT_'

/** The environment variable that tells the slot in a group: `HEDDLE_GROUP_SLOT_THIRD_PARTY_API`. */
export function slotVariableOf(group: string): string {
  return GROUP_SLOT + group.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}

/**
 * The environment variables of a worker: `HEDDLE_RUN_ID`, `HEDDLE_SLOT`, and one per group.
 *
 * @example
 * slotVariables({ runId: 'f00', slot: 2, groupSlots: { postgres: 1 } })
 * // { HEDDLE_RUN_ID: 'f00', HEDDLE_SLOT: '2', HEDDLE_GROUP_SLOT_POSTGRES: '1' }
 */
export function slotVariables({ runId, slot, groupSlots }: Slots): Record<string, string> {
  const ofGroups = Object.entries(groupSlots).map(([group, number]) => [slotVariableOf(group), String(number)])
  return { HEDDLE_RUN_ID: runId, HEDDLE_SLOT: String(slot), ...Object.fromEntries(ofGroups) }
}

/** Sets the variables in `env` and removes what an earlier file of the same worker left there. */
export function applySlotVariables(env: NodeJS.ProcessEnv, slots: Slots): void {
  for (const name of Object.keys(env)) if (name.startsWith(GROUP_SLOT)) Reflect.deleteProperty(env, name)
  Object.assign(env, slotVariables(slots))
}

/** Whether a variable is one of those that heddle sets. */
export function isSlotVariable(name: string): boolean {
  return name === 'HEDDLE_RUN_ID' || name === 'HEDDLE_SLOT' || name.startsWith(GROUP_SLOT)
}

/** Whether this process is a worker of a run, or was started by one. */
export function isInWorker(env: NodeJS.ProcessEnv): boolean {
  return readSlot(env) !== undefined
}

/** The run's id, in its workers. */
export function readRunId(env: NodeJS.ProcessEnv): string | undefined {
  return isInWorker(env) ? env['HEDDLE_RUN_ID'] || undefined : undefined
}

/** The slot in the run, in its workers. */
export function readSlot(env: NodeJS.ProcessEnv): number | undefined {
  return numberOf(env['HEDDLE_SLOT'])
}

/** The slot in a group, in workers that run a file of it. */
export function readGroupSlot(env: NodeJS.ProcessEnv, group: string): number | undefined {
  return numberOf(env[slotVariableOf(group)])
}

/** Anything but what {@link slotVariables} writes is not ours. */
function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}
