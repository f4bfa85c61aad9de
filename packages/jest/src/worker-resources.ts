import { createRequire } from 'node:module'
import type * as core from '@heddle/core/fixtures'
import type { ResourceThread, WorkerResources } from '@heddle/core/fixtures'
import { processState } from './process-state.js'

const requireHere = createRequire(__filename)

/** What this worker has of resources, for one file after the other; its connection keeps no process alive. */
export function workerResources(thread: Omit<ResourceThread, 'workerId'>): WorkerResources {
  const state = processState()
  if (state.workerResources !== undefined) return state.workerResources
  const { newWorkerId, WorkerResources } = requireHere('@heddle/core/fixtures') as typeof core
  return (state.workerResources = new WorkerResources({ ...thread, workerId: newWorkerId() }))
}

/** The run is over. Safe to call where there is nothing to close. */
export async function closeWorkerResources(): Promise<void> {
  const state = processState()
  const { workerResources: ours } = state
  delete state.workerResources
  await ours?.close()
}
