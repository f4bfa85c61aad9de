import { defineResource, resolveHeddleOptions, type HeddleOptions } from '@heddle/core'
import { RunFixtures } from '@heddle/core/run-fixtures'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Suite, Test } from './host.js'
import { ResourcesOfWorker } from './resources-of-worker.js'

/** A list that is emptied for each test. */
const LISTS = {
  list: defineResource({
    kind: 'list',
    create: () => ({ items: [] as string[] }),
    value: () => ({ name: 'a list' }),
    env: () => ({ LIST_NAME: 'a list' }),
    reset: ({ items }) => void items.splice(0),
    afterTest: ({ items }, { test: label, hasFailed }) => ({ left: items, kept: hasFailed ? [label] : [] }),
    calls: { add: ({ items }, item: string) => items.push(item) },
  }),
}

interface List {
  readonly name: string
  readonly add: (item: string) => Promise<number>
}

/** What a worker of a run has. */
function open(resources: HeddleOptions['resources']): ResourcesOfWorker {
  const dir = mkdtempSync(join(tmpdir(), 'hdl-'))
  vi.stubEnv('TMPDIR', dir)
  vi.stubEnv('HEDDLE_LOCK_DIR', join(dir, 'locks'))
  const ids = { root: dir, workspace: dir, runId: 'r' }
  const options = resolveHeddleOptions({ resources })
  const main = new RunFixtures({ ...ids, options, print: () => undefined })
  main.begin()
  const worker = new ResourcesOfWorker(() => ({ ...ids, major: 5, fixtures: main.settings }))
  onTestFinished(async () => {
    await worker.close()
    await main.close({ hasFailed: false })
    vi.unstubAllEnvs()
    rmSync(dir, { recursive: true })
  })
  return worker
}

function attemptOf(name: string): { readonly test: Test; isEntered: boolean } {
  const suite = { filepath: '/repo/a.test.ts' } as unknown as Suite
  return { test: { name, mode: 'run', suite } as unknown as Test, isEntered: true }
}

test('a file has its variables until it is over, each attempt what is clean', async () => {
  const worker = open(LISTS)
  expect(worker.names).toEqual(['list'])
  await worker.openFile()
  expect(process.env['LIST_NAME']).toBe('a list')
  worker.declare('list', {})
  const [first, second] = [attemptOf('first'), attemptOf('second')]
  await worker.beginAttempt(first)
  const list = worker.handleOf('list', first) as List
  expect(list.name).toBe('a list')
  expect(await list.add('one')).toBe(1)
  first.test.result = { state: 'fail', errors: [{ message: 'wrong' }] }
  const { failures, kept } = await worker.endAttempt(first)
  expect(failures.map(({ message }) => message)).toEqual([expect.stringMatching(/LEFT_OPEN: .*"first".* one/)])
  expect(kept).toEqual(['first'])
  await worker.beginAttempt(second)
  expect(await (worker.handleOf('list', second) as List).add('two')).toBe(1)
  await worker.closeFile()
  expect(process.env).not.toHaveProperty('LIST_NAME')
})

test('a file that nobody has closed is closed before the next', async () => {
  const worker = open(LISTS)
  await worker.openFile()
  const attempt = attemptOf('goes on')
  await worker.beginAttempt(attempt)
  await worker.openFile()
  expect(process.env['LIST_NAME']).toBe('a list')
  expect(await worker.endAttempt(attempt)).toEqual({ failures: [], kept: [] })
  await worker.closeFile()
  expect(process.env).not.toHaveProperty('LIST_NAME')
})

test('without resources nothing is opened, and who asks learns where they belong', async () => {
  const worker = open({})
  await worker.openFile()
  await worker.beginAttempt(attemptOf('a test'))
  expect(worker.names).toEqual([])
  expect(() => worker.declare('main', {})).toThrow(
    /HEDDLE_RESOURCE_INVALID: .*"main".*no resources\n.*heddle\.config\.ts/,
  )
})

test('before any file runs there is nothing to ask for', () => {
  expect(() => open(LISTS).handleOf('list', undefined)).toThrow('no test file runs now')
})
