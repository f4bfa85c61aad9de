import type { FixtureSettings } from '@heddle/core/fixtures'
import type { Admission, DispatcherSetup } from '@heddle/core'
import { expect, test } from 'vitest'
import type { TestProject } from 'vitest/node'
import { idOf } from '../id-of.js'
import type { WorkerRun } from '../worker/worker-run.js'
import type { HandedOut } from './gate.js'
import type { ScheduledFile } from '../enforcement.js'
import { ScheduledFiles } from './scheduled-files.js'

const RUN: WorkerRun = { root: '/repo', workspace: '/repo', runId: 'run', major: 5, fixtures: {} as FixtureSettings }
const PROJECT = { name: 'unit' } as unknown as TestProject

test('a run begins anew, also if files were only listed before, or are not over yet', async () => {
  const { files } = scene()
  files.begin(setup(), [scheduled('a')])
  expect(await files.admit(handedOut('a', { method: 'collect' }))).toMatchObject({ slot: 1 })
  files.begin(setup(), [scheduled('a')])
  expect(await files.admit(handedOut('a'))).toMatchObject({ slot: 1 })
  files.begin(setup(), [scheduled('a')])
  expect(await files.admit(handedOut('a'))).toMatchObject({ slot: 1 })
})

test('limits are those of the run that goes on', async () => {
  const { files } = scene()
  files.begin(setup(), [scheduled('a', 'db')])
  files.begin(setup([['db', 2]]), [scheduled('a', 'db'), scheduled('b', 'db')])
  const admissions = await Promise.all([files.admit(handedOut('a')), files.admit(handedOut('b'))])
  expect(admissions.map((admission) => admission?.groupSlots)).toEqual([{ db: 1 }, { db: 2 }])
})

test('a file that is asked for twice runs twice, and holds its groups each time', async () => {
  const { files } = scene()
  files.begin(setup([['db', 1]]), [scheduled('a', 'db'), scheduled('a', 'db')])
  const first = await files.admit(handedOut('a'))
  let isIn = false
  const second = files.admit(handedOut('a')).then((admission) => {
    isIn = true
    return admission
  })
  await settled()
  expect(isIn).toBe(false)
  await first?.end()
  expect((await second)?.groupSlots).toEqual({ db: 1 })
})

test('a worker is kept for files that are only listed, and closed after the last one', async () => {
  const { files, closed } = scene()
  files.begin(setup(), [])
  const kind = 'node'
  const [a, b] = await Promise.all([
    files.admit(handedOut('a', { kind, method: 'collect' })),
    files.admit(handedOut('b', { kind, method: 'collect' })),
  ])
  const c = files.admit(handedOut('c', { kind, method: 'collect' }))
  await keep(a)
  await c
  await keep(b)
  await settled()
  expect(closed).toEqual([2])
})

test('a worker is told what its own files need, and where they run', async () => {
  const { files } = scene()
  files.begin(setup(), [])
  const needs = { a: { claims: [], free: [PG] }, b: { claims: [PG], free: [] } }
  const file = handedOut('a', { provided: { more: 1, heddle: { ...RUN, needs } } })
  const admission = await files.admit(file)
  if (admission === undefined) throw new Error('nobody withdrew it')
  expect(files.equip(file, admission).context.providedContext).toEqual({
    more: 1,
    heddle: { ...RUN, needs: { a: { claims: [], free: [PG] } }, seat: { slot: 1, groupSlots: {}, groups: [] } },
  })
})

const PG = { name: 'pg', limit: 1, scope: 'run', permits: 1 } as const

function scene() {
  const files = new ScheduledFiles(RUN, () => undefined)
  const closed: number[] = []
  files.pool.closeKept = (slot) => void closed.push(slot)
  return { files, closed }
}

function setup(limits: readonly (readonly [string, number])[] = []): DispatcherSetup {
  const none = (): never => {
    throw new Error('nothing is leased')
  }
  return { workers: 2, limits: new Map(limits), leases: none, print: () => undefined }
}

function scheduled(name: string, group?: string): ScheduledFile {
  const groups = group === undefined ? [] : [{ group, mode: 'shared' } as const]
  return { id: idOf({ project: PROJECT, moduleId: name }), expectedMs: 1, groups, holds: [] }
}

interface Given {
  readonly kind?: string
  readonly method?: string
  readonly provided?: object
}

function handedOut(name: string, { kind, method = 'run', provided = {} }: Given = {}): HandedOut {
  const request = { type: method, context: { files: [{ filepath: name }], providedContext: provided } }
  return { options: { project: PROJECT, method }, request, kind } as unknown as HandedOut
}

async function keep(admission: Admission | undefined): Promise<void> {
  await admission?.end({ keepsWorker: true })
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
