import { setTimeout } from 'node:timers/promises'
import type { Leases } from '@heddle/core/leases'
import { WorkerFixtures, type FileFixtures } from '@heddle/core/fixtures'
import { expect, test } from 'vitest'
import { Block, stateOf } from '../fixtures/circus.js'
import { tempDir } from '../fixtures/host.js'
import type { CircusEnvironment, CircusEvent, CircusState, CircusTest } from './circus-types.js'
import { FixturesOfFile } from './fixtures-of-file.js'
import { ResourcesOfTests } from './resources-of-tests.js'

function noLeases(): Leases {
  throw new Error('nothing is to be taken')
}

/** The fixtures of one file in a worker, and the events of Jest that it listens to. */
class Stage {
  readonly env: Record<string, string | undefined> = {}
  readonly root = new Block()
  readonly lines: string[] = []
  /** Undefined if nobody has asked for anything. */
  file: FileFixtures | undefined
  readonly fixtures: FixturesOfFile
  readonly #environment: CircusEnvironment
  readonly #state: CircusState = stateOf({ currentDescribeBlock: this.root })

  constructor(isGuarded = false, theirs?: CircusEnvironment['handleTestEvent']) {
    const print = (line: string): void => void this.lines.push(line)
    const worker = new WorkerFixtures({
      settings: {
        dir: `${tempDir()}/r-1`,
        runId: 'f00',
        mainPid: process.pid,
        lockDir: tempDir(),
        root: '/repo',
        keepTempDirs: 'never',
        envGuard: 'fail',
        prefix: false,
        ports: [20_000, 20_100],
      },
      workerId: 'w0000001',
      slot: () => 1,
      leases: noLeases,
      print,
      env: () => this.env,
      console: () => console,
    })
    this.fixtures = new FixturesOfFile({
      file: 'test/orders.test.js',
      isGuarded,
      resources: new ResourcesOfTests(undefined),
      leave: () => undefined,
      open: (file) => (this.file = worker.openFile({ ...file, namesHeddle: true })),
      envChanged: (label, changes) => new Error(`${label}: ${changes}`),
      print,
    })
    this.#environment = { global: {}, handleTestEvent: theirs }
    this.fixtures.attachTo(this.#environment)
  }

  async send(event: CircusEvent): Promise<void> {
    await this.#environment.handleTestEvent?.(event, this.#state)
  }

  /** Registers a test as Jest does. */
  async add(name: string, given: Partial<CircusTest> = {}): Promise<CircusTest> {
    const asyncError = { message: '' }
    const added = this.root.test(name, { asyncError, ...given })
    await this.send({ name: 'add_test', asyncError })
    return added
  }

  begin(one: CircusTest): Promise<void> {
    return this.send({ name: 'test_started', test: one })
  }

  end(one: CircusTest): Promise<void> {
    return this.send({ name: 'test_done', test: one })
  }

  beginFile(): Promise<void> {
    return this.send({ name: 'run_describe_start', describeBlock: this.root })
  }
}

function call(one: CircusTest): unknown {
  return one.fn?.()
}

test('where nobody asks for anything, nothing is loaded', async () => {
  const stage = new Stage()
  const one = await stage.add('one', { fn: () => undefined })
  await stage.beginFile()
  await stage.begin(one)
  await stage.end(one)
  await stage.fixtures.close(false)
  expect(stage.file).toBeUndefined()
})

test('what a test asks for is given back when it is done, after all who listen, and what the file asks for with the file', async () => {
  const seen: unknown[] = []
  const stage: Stage = new Stage(false, ({ name }) => {
    if (name === 'test_done') seen.push(stage.env['A'])
  })
  stage.fixtures.followTests()
  stage.fixtures.functions.env({ FILE: '1' })
  const one = await stage.add('one', { fn: () => stage.fixtures.functions.env({ A: '1' }) })
  await stage.begin(one)
  call(one)
  expect(stage.env).toEqual({ FILE: '1', A: '1' })
  await stage.end(one)
  expect(seen).toEqual(['1'])
  expect(stage.env).toEqual({ FILE: '1' })
  await stage.fixtures.close(false)
  expect(stage.env).toEqual({})
})

test('hooks of a test ask for the test, also where nobody follows its function', async () => {
  const stage = new Stage()
  const one = await stage.add('one', { fn: () => undefined })
  await stage.begin(one)
  stage.fixtures.functions.env({ A: '1' })
  await stage.end(one)
  expect(stage.env).toEqual({})
})

test('concurrent tests that Jest 29 has started before it tells so have fixtures of their own', async () => {
  const stage = new Stage()
  stage.fixtures.followTests()
  const { env } = stage.fixtures.functions
  const a = await stage.add('a', { concurrent: true, fn: () => env({ A: '1' }) })
  const b = await stage.add('b', { concurrent: true, fn: () => env({ B: '1' }) })
  call(a)
  call(b)
  await stage.begin(a)
  await stage.end(a)
  expect(stage.env).toEqual({ B: '1' })
  await stage.begin(b)
  await stage.end(b)
  expect(stage.env).toEqual({})
})

test('an attempt that goes on after its time-out gets nothing any more, also while its test is tried again', async () => {
  const stage = new Stage()
  stage.fixtures.followTests()
  const { env } = stage.fixtures.functions
  const one = await stage.add('one', { fn: () => setTimeout(20).then(() => env({ LATE: '1' })) })
  await stage.begin(one)
  const first = call(one)
  await stage.end(one)
  await stage.begin(one)
  await expect(first).rejects.toMatchObject({ code: 'HEDDLE_FIXTURE_OUTSIDE' })
  env({ AGAIN: '1' })
  expect(stage.env).toEqual({ AGAIN: '1' })
  await stage.end(one)
})

test('what tests of the file need together is made before the first of them, if one will run', async () => {
  for (const isRunning of [true, false]) {
    const stage = new Stage()
    let hasMade = false
    stage.fixtures.functions.slot()
    stage.file?.onBeforeTests(async () => void (hasMade = true))
    await stage.add('one', { fn: () => undefined, ...(isRunning ? {} : { mode: 'skip' }) })
    await stage.beginFile()
    expect(hasMade).toBe(isRunning)
  }
})

test('tests of a file that is guarded fail if they leave something changed', async () => {
  const stage = new Stage(true)
  const one = await stage.add('one', { fn: () => void (stage.env['DEBUG'] = '1') })
  await stage.beginFile()
  expect(stage.file).toBeDefined()
  await stage.begin(one)
  call(one)
  await stage.end(one)
  expect(one.errors).toMatchObject([{ message: 'one: added DEBUG' }])
  expect(stage.env).toEqual({})
})

test('what goes on in a test that is over can ask for what is of the file', async () => {
  const stage = new Stage()
  const { env } = stage.fixtures.functions
  const one = await stage.add('one', { fn: () => undefined })
  await stage.begin(one)
  env({ A: '1' }, { scope: 'file' })
  await stage.end(one)
  expect(stage.env).toEqual({ A: '1' })
  await stage.fixtures.close(false)
  expect(stage.env).toEqual({})
})
