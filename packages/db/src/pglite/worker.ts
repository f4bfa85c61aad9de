import type { ResourceInWorker, ResourceWorkerPart } from '@heddle/core'
import { WorkerPglite } from './worker-pglite.js'

/** Loaded natively in test workers: see `ResourceDefinition.worker`. */
export async function open(at: ResourceInWorker): Promise<ResourceWorkerPart> {
  const pglite = await WorkerPglite.open(at)
  return {
    handle: pglite.handle,
    beforeFile: () => pglite.beforeFile(),
    beforeTest: () => pglite.beforeTest(),
    afterTest: (test) => pglite.afterTest(test),
    close: () => pglite.close(),
  }
}
