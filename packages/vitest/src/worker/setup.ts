import { fileURLToPath } from 'node:url'
import { loadCaptured } from '../load-core.js'
import { openHost } from './host.js'
import { patchRunner } from './patch-runner.js'
import { SerialWorker } from './serial-worker.js'
import { offerWorkerSide, workerSide } from './worker-side.js'

// The setup file that heddle adds to every project. Clock, timers and file functions are taken before a test fakes
// them; nothing else of core is loaded for tests that are not serial.
if (workerSide() === undefined) {
  loadCaptured()
  const host = await openHost()
  const worker = new SerialWorker(host)
  patchRunner(host.runner, fileURLToPath(import.meta.url), worker)
  offerWorkerSide(worker)
  await worker.setup()
}
