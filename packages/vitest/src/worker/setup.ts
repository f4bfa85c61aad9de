import { fileURLToPath } from 'node:url'
import { loadCaptured } from '../load-core.js'
import { openHost } from './host.js'
import { SerialWorker } from './serial-worker.js'
import { offerWorkerSide, workerSide } from './worker-side.js'

// The setup file that heddle adds to every project. Clock, timers and file functions are taken before a test fakes
// them; nothing else of core is loaded for tests that are not serial.
if (workerSide() === undefined) {
  loadCaptured()
  const worker = new SerialWorker(await openHost())
  worker.patchRunner(fileURLToPath(import.meta.url))
  offerWorkerSide(worker)
}
