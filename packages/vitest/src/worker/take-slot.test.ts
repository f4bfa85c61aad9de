import type { FixtureSettings } from '@heddle/core/fixtures'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { takeSlot, tellGroupSlots } from './take-slot.js'
import type { WorkerRun } from './worker-run.js'

const RUN: WorkerRun = {
  root: process.cwd(),
  workspace: process.cwd(),
  runId: 'r',
  major: 5,
  fixtures: {} as FixtureSettings,
}

test('a worker that heddle has started has its seat; what an earlier file left is gone', async () => {
  const env = { HEDDLE_GROUP_SLOT_REDIS: '1' }
  await takeSlot({ ...RUN, seat: { slot: 3, groupSlots: { pg: 2 }, groups: [] } }, env)
  expect(env).toEqual({ HEDDLE_RUN_ID: 'r', HEDDLE_SLOT: '3', HEDDLE_GROUP_SLOT_PG: '2' })
})

test('where Vitest gives out numbers well, they are the slots', async () => {
  const env = { VITEST_POOL_ID: '4' }
  await takeSlot({ ...RUN, hasOwnSlots: true }, env)
  expect(env).toMatchObject({ HEDDLE_SLOT: '4' })
})

test('otherwise a worker takes the smallest free number, once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'heddle-locks-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  vi.stubEnv('HEDDLE_LOCK_DIR', dir)
  const [one, two, far] = [{}, {}, {}]
  await takeSlot(RUN, one)
  await takeSlot(RUN, one)
  await takeSlot(RUN, two)
  await takeSlot({ ...RUN, firstSlot: 9 }, far)
  expect([one, two, far]).toMatchObject([{ HEDDLE_SLOT: '1' }, { HEDDLE_SLOT: '2' }, { HEDDLE_SLOT: '9' }])
})

test('the slot of another run is not that of this one', async () => {
  const env = { HEDDLE_RUN_ID: 'outer', HEDDLE_SLOT: '7', VITEST_POOL_ID: '1' }
  await takeSlot({ ...RUN, hasOwnSlots: true }, env)
  expect(env).toMatchObject({ HEDDLE_RUN_ID: 'r', HEDDLE_SLOT: '1' })
})

test('group slots are told beside the slot', () => {
  const env = { HEDDLE_SLOT: '2', HEDDLE_GROUP_SLOT_OLD: '1' }
  tellGroupSlots(RUN, { pg: 1 }, env)
  expect(env).toEqual({ HEDDLE_RUN_ID: 'r', HEDDLE_SLOT: '2', HEDDLE_GROUP_SLOT_PG: '1' })
})
