import { loadLeases } from './load-core.js'
import { workerSide, type WorkerSide } from './worker/worker-side.js'

/**
 * @param what somebody wants to use, for people
 * @throws HeddleError `HEDDLE_NOT_CONFIGURED`
 */
export function configuredWorker(what: string): WorkerSide {
  const worker = workerSide()
  if (worker !== undefined) return worker
  const { HeddleError } = loadLeases()
  throw new HeddleError('HEDDLE_NOT_CONFIGURED', {
    problem: `Cannot use ${what}: heddle is not in the Vitest config of this project`,
    fix: "add `plugins: [heddle()]` with `import heddle from '@heddle/vitest'` to vitest.config.ts.",
  })
}
