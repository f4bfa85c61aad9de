import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WorkerFixtures, type FixtureThread } from '@heddle/core/fixtures'
import { RunFixtures } from '@heddle/core/run-fixtures'
import { threadLeases } from '@heddle/core/leases'
import { temporaryDir, writeInto } from '../fixtures/directories.js'

const MAKES_DIR = 'exports.create = ({ tempDir }) => tempDir(); exports.destroy = () => undefined'

test.each([
  ['kept when something has failed in the run', true],
  ['removed when nothing has', false],
])('the directory of what is shared is %s', async (_, hasFailed) => {
  for (const name of ['TMPDIR', 'HEDDLE_LOCK_DIR']) vi.stubEnv(name, temporaryDir())
  onTestFinished(() => void vi.unstubAllEnvs())
  const root = temporaryDir()
  const lines: string[] = []
  const print = (line: string): void => void lines.push(line)
  const options = { keepTempDirs: 'on-failure', envGuard: 'off', prefix: false, ports: [20_000, 29_999] } as const
  const run = new RunFixtures({ root, runId: 'run', options, print })
  run.begin()
  const file = workerOf({ settings: run.settings, print }, root)
  const dir = await file.functions.shared<string>('files', { create: writeInto(root, 'files.cjs', MAKES_DIR) })
  expect(dir.startsWith(join(run.settings.dir, 'run'))).toBe(true)
  await file.close({ hasFailed: false })
  await run.close({ hasFailed })
  run.closeNow()
  expect(existsSync(dir)).toBe(hasFailed)
  expect(lines).toEqual(hasFailed ? [expect.stringContaining(dir)] : [])
})

function workerOf(thread: Pick<FixtureThread, 'settings' | 'print'>, root: string) {
  const worker = new WorkerFixtures({
    ...thread,
    workerId: 'abcd1234',
    slot: () => 1,
    leases: () => threadLeases({ root }),
    env: () => process.env,
    console: () => console,
  })
  return worker.openFile({ file: 'a.test.ts', currentTest: () => undefined, labelOf: () => '' })
}
