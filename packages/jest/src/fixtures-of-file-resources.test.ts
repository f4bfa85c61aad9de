import { defineResource, resolveHeddleOptions, type HeddleOptions } from '@heddle/core'
import { ResourcesOfFile, WorkerResources } from '@heddle/core/fixtures'
import { RunFixtures } from '@heddle/core/run-fixtures'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Block, stateOf } from '../fixtures/circus.js'
import { tempDir } from '../fixtures/host.js'
import type { CircusEnvironment, CircusEvent, CircusTest } from './circus-types.js'
import { FixturesOfFile } from './fixtures-of-file.js'
import { ResourcesOfTests } from './resources-of-tests.js'

const print = (): void => undefined

/** A list that is emptied for each test. */
function list(
  parts: { readonly reset?: () => void; readonly left?: readonly string[] } = {},
): HeddleOptions['resources'] {
  return {
    list: defineResource({
      kind: 'list',
      create: () => {
        parts.reset?.()
        return { name: 'a list' }
      },
      reset: () => parts.reset?.(),
      afterTest: (_, { hasFailed }) => ({ left: parts.left ?? [], kept: hasFailed ? ['a copy'] : [] }),
    }),
  }
}

/** The fixtures of a file in a worker of a run with resources, and the events of Jest that it listens to. */
async function open(resources: HeddleOptions['resources']) {
  const root = tempDir()
  vi.stubEnv('TMPDIR', tempDir())
  const main = new RunFixtures({ root, runId: 'r', options: resolveHeddleOptions({ resources }), print })
  main.begin()
  const worker = new WorkerResources({ settings: main.settings, workerId: 'w0000001', slot: () => 1, print })
  const fixtures = new FixturesOfFile({
    file: 'a.test.js',
    isGuarded: false,
    resources: new ResourcesOfTests(
      async () => new ResourcesOfFile(await worker.openFile({ file: 'a.test.js', path: `${root}/a.test.js` }), [{}]),
    ),
    leave: () => undefined,
    open: () => {
      throw new Error('nobody asks for fixtures')
    },
    envChanged: () => new Error('never'),
    print,
  })
  onTestFinished(async () => {
    await fixtures.close(false)
    await worker.close()
    await main.close({ hasFailed: false })
    vi.unstubAllEnvs()
  })
  const block = new Block()
  const environment: CircusEnvironment = { global: {} }
  fixtures.attachTo(environment)
  await fixtures.open()
  const state = stateOf({ currentDescribeBlock: block })
  const send = async (event: CircusEvent): Promise<void> => environment.handleTestEvent?.(event, state) as Promise<void>
  const add = async (name: string, given: Partial<CircusTest> = {}): Promise<CircusTest> => {
    const asyncError = { message: '' }
    const added = block.test(name, { asyncError, ...given })
    await send({ name: 'add_test', asyncError })
    return added
  }
  return { fixtures, send, add }
}

function messagesOf({ errors }: CircusTest): string[] {
  return errors.map((error) => (error as Error).message)
}

test('what a test has left is its error, with what was kept beside it', async () => {
  const { send, add } = await open(list({ left: ['a row'] }))
  const leaves = await add('leaves', { startedAt: 0 })
  await send({ name: 'test_started', test: leaves })
  leaves.errors.push(new Error('as it should'))
  await send({ name: 'test_done', test: leaves })
  expect(messagesOf(leaves)).toEqual([
    'as it should',
    expect.stringMatching(/LEFT_OPEN: .*"leaves".*a row[^]*\n\nKept: a copy$/),
  ])
})

test('a test whose resources cannot be made clean runs neither hooks nor function, and others do', async () => {
  const { send, add, fixtures } = await open(list())
  const [first, second] = [await add('first'), await add('second')]
  await send({ name: 'test_started', test: first })
  await send({ name: 'test_started', test: second })
  expect(first.errors).toEqual([])
  expect(messagesOf(second)).toEqual([expect.stringContaining('HEDDLE_RESOURCE_INVALID')])
  // Jest runs no hooks for them.
  expect(second.concurrent).toBe(true)
  await send({ name: 'test_done', test: second })
  expect(second.concurrent).toBe(false)
  expect(second.errors).toHaveLength(1)
  expect(fixtures.resources.handleOf('list')).toMatchObject({ name: 'a list' })
})

test('the function of a concurrent test waits, and one that ends with the file has begun once', async () => {
  let resets = 0
  const told: string[] = []
  const { send, add } = await open(list({ reset: () => void told.push(`reset ${++resets}`) }))
  const fn = (): void => void told.push('runs')
  const one = await add('at once', { concurrent: true, fn })
  // As Jest 29 does: before it says that the test has started.
  const running = (one.fn as unknown as () => Promise<void>)()
  await send({ name: 'test_started', test: one })
  await running
  expect(told).toEqual(['reset 1', 'reset 2', 'runs'])
})

test('waiting is no part of the duration of a test', async () => {
  const { send, add } = await open({
    slow: defineResource({
      kind: 'slow',
      create: () => ({}),
      reset: () => new Promise((resolve) => setTimeout(resolve, 60)),
    }),
  })
  const one = await add('waits', { startedAt: 1000 })
  await send({ name: 'test_started', test: one })
  expect(one.startedAt).toBeGreaterThanOrEqual(1050)
})
