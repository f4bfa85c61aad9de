import type { FixtureSettings } from '@heddle/core/fixtures'
import { expect, test, vi } from 'vitest'
import type { HostOfWorker, Runner } from './host.js'
import { SerialWorker } from './serial-worker.js'
import type { WorkerRun } from './worker-run.js'

const RUN: WorkerRun = { root: '/repo', workspace: '/repo', runId: 'run', major: 5, fixtures: {} as FixtureSettings }

/** Vitest puts `cancel` on a runner that does more than collect. */
const COLLECTING = { config: {} } as unknown as Runner

test('the slots of a file are gone when the next one comes into the worker', async () => {
  vi.stubEnv('HEDDLE_GROUP_SLOT_PG', undefined)
  let run: WorkerRun = { ...RUN, seat: { slot: 1, groupSlots: { pg: 2 }, groups: [] } }
  const worker = workerIn(() => run)
  await worker.setup()
  expect(worker.groupSlot('pg')).toBe(2)
  await worker.openFile(COLLECTING, '/repo/a.test.ts')
  expect(worker.groupSlot('pg')).toBe(2)
  run = { ...RUN, seat: { slot: 1, groupSlots: {}, groups: [] } }
  await worker.setup()
  expect(() => worker.groupSlot('pg')).toThrow(/HEDDLE_GROUP_NOT_HELD: .*"pg": neither this file nor/)
})

function workerIn(run: () => WorkerRun): SerialWorker {
  vi.stubEnv('HEDDLE_RUN_ID', undefined)
  vi.stubEnv('HEDDLE_SLOT', undefined)
  const host = { inject: run, currentTest: () => undefined, runner: {} }
  return new SerialWorker(host as unknown as HostOfWorker)
}
