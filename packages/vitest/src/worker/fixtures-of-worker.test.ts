import type { FixtureSettings } from '@heddle/core/fixtures'
import { newSettings } from '@heddle/core/run-fixtures'
import { resolveHeddleOptions } from '@heddle/core'
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FixturesOfWorker } from './fixtures-of-worker.js'
import type { Runner, Suite, Test } from './host.js'
import { ResourcesOfWorker } from './resources-of-worker.js'
import type { Attempt } from './running-test.js'
import type { WorkerRun } from './worker-run.js'

test('nothing is loaded for a file that names no fixture', () => {
  const { fixtures, opened } = bench()
  fixtures.openFile(RUNNER, `import { test } from 'vitest'`)
  expect(opened()).toBe(0)
  fixtures.openFile(RUNNER, `import { test } from '@heddle/vitest'`)
  expect(opened()).toBe(1)
})

test('every attempt of a test has its own, also where nobody tells that the one before has ended', async () => {
  const { fixtures, enter } = bench()
  const task = taskOf('passes')
  await fixtures.beginAttempt(enter(task))
  const first = await fixtures.functions.tempDir()
  await fixtures.beginAttempt(enter(task))
  expect(existsSync(first)).toBe(false)
  const second = await fixtures.functions.tempDir()
  expect(second).not.toBe(first)
  await fixtures.endAttempt(task)
  expect(existsSync(second)).toBe(false)
  await expect(fixtures.functions.tempDir()).rejects.toThrow('HEDDLE_FIXTURE_OUTSIDE')
})

test('a test that is over is not ended again, whoever tells', async () => {
  const { fixtures, enter, leave } = bench()
  const task = taskOf('passes')
  await fixtures.beginAttempt(enter(task))
  await fixtures.functions.tempDir()
  await fixtures.endAttempt(task)
  leave()
  const ofFile = await fixtures.functions.tempDir()
  await fixtures.endAttempt(task)
  await fixtures.endSkipped()
  expect(existsSync(ofFile)).toBe(true)
  await fixtures.closeFile()
  expect(existsSync(ofFile)).toBe(false)
})

test('a test that was skipped while it ran ends when the next thing begins', async () => {
  const { fixtures, enter } = bench()
  const task = taskOf('skips')
  await fixtures.beginAttempt(enter(task))
  const dir = await fixtures.functions.tempDir()
  await fixtures.endSkipped()
  expect(existsSync(dir)).toBe(true)
  task.mode = 'skip'
  await fixtures.endSkipped()
  expect(existsSync(dir)).toBe(false)
})

test('what is kept is told beside the failure', async () => {
  const { fixtures, enter } = bench()
  const task = taskOf('fails')
  await fixtures.beginAttempt(enter(task))
  const dir = await fixtures.functions.tempDir({ keep: 'on-failure' })
  task.result = { state: 'fail', errors: [{ message: 'wrong' }] }
  await fixtures.endAttempt(task)
  expect(existsSync(dir)).toBe(true)
  expect(task.result.errors?.[0]?.message).toBe(`wrong\n\nKept: ${dir}`)
})

test('a file that nobody has closed is closed before the next', async () => {
  const { fixtures } = bench()
  const dir = await fixtures.functions.tempDir()
  await fixtures.setup()
  expect(existsSync(dir)).toBe(false)
  const next = await fixtures.functions.tempDir()
  await fixtures.close()
  expect(existsSync(next)).toBe(false)
})

const RUNNER = { config: {} } as Runner

function taskOf(name: string): Test {
  return { name, mode: 'run', suite: { filepath: '/repo/a.test.ts' } as unknown as Suite } as unknown as Test
}

interface Bench {
  readonly fixtures: FixturesOfWorker
  readonly enter: (task: Test) => Attempt
  readonly leave: () => void
  /** How often a file has been opened. */
  readonly opened: () => number
}

function bench(): Bench {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'heddle-worker-')))
  vi.stubEnv('TMPDIR', dir)
  vi.stubEnv('HEDDLE_LOCK_DIR', join(dir, 'locks'))
  const options = resolveHeddleOptions({})
  const ids = { root: dir, workspace: dir, runId: 'r' }
  const settings: FixtureSettings = newSettings({ ...ids, options })
  let current: Attempt | undefined
  let opened = 0
  const run = (): WorkerRun => ({ ...ids, major: 5, fixtures: settings })
  const fixtures = new FixturesOfWorker({
    run,
    label: () => `file ${++opened}`,
    attempt: () => current,
    unstubEnvs: () => undefined,
    resources: new ResourcesOfWorker(run),
  })
  onTestFinished(async () => {
    await fixtures.close()
    vi.unstubAllEnvs()
    rmSync(dir, { recursive: true })
  })
  const enter = (task: Test): Attempt => (current = { test: task, isEntered: true })
  return { fixtures, enter, leave: () => (current = undefined), opened: () => opened }
}
