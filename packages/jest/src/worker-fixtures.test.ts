import { afterEach, expect, test, vi } from 'vitest'
import { tempDir } from '../fixtures/host.js'
import type { WorkerOfFixtures } from './fixtures-of-worker.js'
import { closeWorkerFixtures, workerFixtures } from './worker-fixtures.js'

afterEach(() => closeWorkerFixtures())

function worker(): WorkerOfFixtures {
  return {
    settings: {
      dir: `${tempDir()}/r-1`,
      runId: 'f00',
      mainPid: process.pid,
      lockDir: tempDir(),
      root: '/repo',
      keepTempDirs: 'never',
      envGuard: 'off',
      prefix: false,
      ports: [20_000, 20_100],
    },
    slot: () => 3,
    leases: () => {
      throw new Error('nothing is to be taken')
    },
    print: () => undefined,
  }
}

const FILE = { file: 'a.test.js', currentTest: () => undefined, labelOf: () => '' }

test('all files of a worker have its fixtures, until they are closed', async () => {
  const first = workerFixtures(worker(), true)
  expect(workerFixtures(worker(), true)).toBe(first)
  await closeWorkerFixtures()
  expect(workerFixtures(worker(), true)).not.toBe(first)
})

test('what a file sets is in its own sandbox, and taken back with the worker where it was asked for so', async () => {
  const [a, b] = [{ process: { env: { A: '0' } } }, { process: { env: {} } }]
  const ofWorker = workerFixtures(worker(), true)
  const file = ofWorker.openFile(FILE, a)
  file.functions.env({ A: '1' }, { scope: 'worker' })
  expect(a.process.env).toEqual({ A: '1' })
  ofWorker.openFile(FILE, b).functions.env({ B: '1' })
  expect(b.process.env).toEqual({ B: '1' })
  await closeWorkerFixtures()
  expect(a.process.env).toEqual({ A: '0' })
})

test('lines are printed with the console of the sandbox', () => {
  const info = vi.fn<(text: string) => void>()
  const file = workerFixtures(worker(), true).openFile(FILE, { console: { info } })
  file.functions.createLogger('db').info('hello')
  expect(info.mock.calls.join()).toContain('db: hello')
})

test('a worker process gives back what it has when it ends by itself', () => {
  const before = process.listenerCount('beforeExit')
  workerFixtures(worker(), false)
  const listener = process.listeners('beforeExit').at(-1)
  expect(process.listenerCount('beforeExit')).toBe(before + 1)
  if (listener !== undefined) process.off('beforeExit', listener)
})
