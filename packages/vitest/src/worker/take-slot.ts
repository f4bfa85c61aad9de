import { loadLeases, loadSerial, loadSlots } from '../load-core.js'
import type { WorkerRun } from './worker-run.js'

const { randomUUID } = process.getBuiltinModule('node:crypto')

/**
 * Makes sure that this worker has a number that no other worker of the run has, and tells it in its environment: the one
 * that heddle has started it with, Vitest's own if that is good for it, otherwise the smallest free one, until the worker
 * ends.
 */
export async function takeSlot(run: WorkerRun, env: NodeJS.ProcessEnv): Promise<void> {
  const { applySlotVariables, readRunId } = loadSlots()
  const { runId, seat, hasOwnSlots } = run
  if (seat !== undefined) applySlotVariables(env, { runId, ...seat })
  else if (readRunId(env) !== runId)
    applySlotVariables(env, {
      runId,
      slot: hasOwnSlots ? Number(env['VITEST_POOL_ID']) : await leaseSlot(run),
      groupSlots: {},
    })
}

/** Tells the slots that a file has taken in its groups, in its worker; it is too late for setup files. */
export function tellGroupSlots(
  run: WorkerRun,
  groupSlots: Readonly<Record<string, number>>,
  env: NodeJS.ProcessEnv,
): void {
  const { applySlotVariables, readSlot } = loadSlots()
  const slot = readSlot(env)
  if (slot !== undefined) applySlotVariables(env, { runId: run.runId, slot, groupSlots })
}

async function leaseSlot({ root, runId, firstSlot = 1 }: WorkerRun): Promise<number> {
  const { groupSlotName, WORKERS } = loadSerial()
  const holder = `worker ${randomUUID()}`
  const leases = loadLeases().threadLeases({ root, runId })
  for (let slot = firstSlot; ; slot++) {
    const lease = await leases.tryAcquire({ name: groupSlotName(WORKERS, slot), scope: 'run' }, { holder })
    if (lease !== undefined) return slot
  }
}
