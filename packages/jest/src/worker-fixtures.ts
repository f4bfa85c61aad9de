import { FixturesOfWorker, type WorkerOfFixtures } from './fixtures-of-worker.js'
import { processState } from './process-state.js'

/**
 * The fixtures of this worker. Jest tells no worker that it is about to end, but lets it end by itself: then they are given
 * back, and the main process gives back what is left.
 *
 * @param isMain whether this is Jest itself, in band, where {@link closeWorkerFixtures} is called at the end of the run
 */
export function workerFixtures(worker: WorkerOfFixtures, isMain: boolean): FixturesOfWorker {
  const state = processState()
  if (state.workerFixtures !== undefined) return state.workerFixtures
  state.workerFixtures = new FixturesOfWorker(worker)
  if (!isMain) process.once('beforeExit', () => void closeWorkerFixtures())
  return state.workerFixtures
}

/** The files of this worker are over. Safe to call where there is nothing to close. */
export async function closeWorkerFixtures(): Promise<void> {
  const state = processState()
  const { workerFixtures: ours } = state
  delete state.workerFixtures
  await ours?.close()
}
