import { expect, test, vi } from 'vitest'
import { attempt, ResourceWorld } from '../../fixtures/resource-world.js'
import { rowsResource, type Rows, type Store } from '../../fixtures/rows-resource.js'
import { HeddleError } from '../errors.js'

interface Failing extends Rows {
  readonly fail: () => Promise<never>
}

test('what a call throws is thrown in the test, and tells where', async () => {
  const calls = {
    fail: () => {
      throw Object.assign(new TypeError('no such row'), { code: 'E_ROW' })
    },
  }
  const world = new ResourceWorld({ main: rowsResource([], { calls }) })
  const file = await world.openFile(world.newWorker())
  const failing = async (): Promise<unknown> => (file.handleOf('main', undefined) as Failing).fail()
  const error = (await failing().catch((thrown: unknown) => thrown)) as Error
  expect(error).toMatchObject({ name: 'TypeError', message: 'no such row', code: 'E_ROW' })
  expect(error.stack?.split('\n    at ').map((line) => line.split(' ')[0])).toEqual(
    expect.arrayContaining(['failing', 'Object.fail']),
  )
})

test('what cannot cross processes is refused by name', async () => {
  const calls = { list: () => [() => 1] as never, add: () => 1 }
  const world = new ResourceWorld({ main: rowsResource([], { calls }) })
  const file = await world.openFile(world.newWorker())
  const rows = file.handleOf('main', undefined) as Rows
  await expect(rows.list()).rejects.toThrow(
    'HEDDLE_RESOURCE_INVALID: Cannot take what main.list() returns from one process',
  )
  await expect(rows.add(() => 1)).rejects.toThrow('Cannot take what is needed to call main.add() from one process')
  expect(await rows.add('x')).toBe(1)
  const other = new ResourceWorld({ main: rowsResource([], { value: () => ({ act: () => 1 }) as never }) })
  await expect(other.openFile(other.newWorker())).rejects.toThrow(
    'Cannot take the value of a resource from one process',
  )
})

test('what cannot be started fails the files that use it, all alike and at once; others run', async () => {
  let count = 0
  const start = () => {
    count++
    throw new Error('connect ECONNREFUSED')
  }
  const world = new ResourceWorld({
    broken: rowsResource([], { start, files: 'db/**' }),
    fine: rowsResource([], { env: () => ({}) }),
  })
  const failures = await Promise.all(
    [1, 2, 3].map(async (slot) =>
      world.openFile(world.newWorker(slot), 'db/a.test.ts').catch((error: unknown) => error),
    ),
  )
  for (const failure of failures)
    expect(failure).toMatchObject({
      code: 'HEDDLE_RESOURCE_FAILED',
      message: expect.stringContaining('Cannot start resource "broken" (rows): connect ECONNREFUSED\nFix: ') as string,
      cause: { message: 'connect ECONNREFUSED' },
    })
  expect(count).toBe(1)
  const file = await world.openFile(world.newWorker(1), 'other.test.ts')
  expect(await attempt(file)).toEqual([])
})

test('an error of heddle stays what it is', async () => {
  const refused = new HeddleError('HEDDLE_RESOURCE_REFUSED', { problem: 'Cannot use "prod"', fix: 'use another.' })
  const create = () => {
    throw refused
  }
  const world = new ResourceWorld({ main: rowsResource([], { create }) })
  await expect(world.openFile(world.newWorker())).rejects.toMatchObject({
    name: 'HeddleError',
    code: 'HEDDLE_RESOURCE_REFUSED',
    message: refused.message,
  })
})

test('if none could ever be made, nobody tries again; else the next file does', async () => {
  let count = 0
  const create = (): Store => {
    count++
    if (count !== 2) throw new Error('disk full')
    return { id: 'x', rows: [] }
  }
  const never = new ResourceWorld({ main: rowsResource([], { create: () => create() }) })
  await expect(never.openFile(never.newWorker())).rejects.toThrow('Cannot create resource "main" (rows): disk full')
  await expect(never.openFile(never.newWorker())).rejects.toThrow('disk full')
  expect(count).toBe(1)
  const once = new ResourceWorld({ main: rowsResource([], { create: () => create() }) })
  await once.openFile(once.newWorker(1))
  await expect(once.openFile(once.newWorker(2))).rejects.toThrow('disk full')
  await expect(once.openFile(once.newWorker(2))).rejects.toThrow('disk full')
  expect(count).toBe(4)
})

test('what cannot be reset is made anew, and the test that waits for it gets its variables', async () => {
  const log: string[] = []
  const reset = () => {
    throw new Error('deadlock detected')
  }
  const world = new ResourceWorld({ main: rowsResource(log, { reset }) })
  const file = await world.openFile(world.newWorker())
  const one = {}
  const env = await file.beginTest(one, 'a test')
  expect(env).toEqual({ ROWS_ID: (file.handleOf('main', one) as Rows).id })
  expect(env).not.toEqual(file.env)
  expect(await (file.handleOf('main', one) as Rows).list()).toEqual([])
  expect(log).toEqual(['create worker 1', 'destroy worker-1', 'create worker 1'])
  expect(world.lines).toEqual(['resource "main" of worker 1 could not be cleaned and is made anew: deadlock detected'])
})

test('what a test left fails it, and so does whoever cannot look', async () => {
  const left = { left: ['a transaction open (pid 7)'], kept: ['rows://kept'] }
  const afterTest = vi.fn<() => typeof left | undefined>(() => left)
  const world = new ResourceWorld({ main: rowsResource([], { afterTest }) })
  const file = await world.openFile(world.newWorker())
  const one = {}
  await file.beginTest(one, 'a test')
  const remains = await file.endTest(one, { test: 'a.test.ts > a test', hasFailed: false })
  expect(remains.kept).toEqual(['rows://kept'])
  expect(remains.failures).toMatchObject([
    {
      code: 'HEDDLE_RESOURCE_LEFT_OPEN',
      message: expect.stringContaining('"a.test.ts > a test" well: resource "main": a transaction open') as string,
    },
  ])
  afterTest.mockReturnValueOnce(undefined)
  expect(await attempt(file)).toEqual([])
  afterTest.mockImplementationOnce(() => {
    throw new Error('gone')
  })
  expect(await attempt(file)).toEqual([expect.stringContaining('Cannot look after resource "main" (rows): gone')])
})

test('when the run is over, tests that go on are told', async () => {
  const world = new ResourceWorld({ main: rowsResource() })
  const file = await world.openFile(world.newWorker())
  const one = {}
  await file.beginTest(one, 'a test')
  await world.run.close({ hasFailed: false })
  await expect((file.handleOf('main', one) as Rows).list()).rejects.toThrow(
    'HEDDLE_RESOURCE_FAILED: Cannot call main.list(): the main process of the run, which has the resources, has gone',
  )
})

test('two that set one variable are refused', async () => {
  const world = new ResourceWorld({ main: rowsResource(), other: rowsResource() })
  await expect(world.openFile(world.newWorker())).rejects.toThrow(
    'Cannot use resources "main" and "other" together: both set ROWS_ID',
  )
})

test.each([
  ['reset', false],
  ['clone', false],
  ['file', true],
  ['none', true],
] as const)(
  'with perTest %s, whoever looks after a test is told whether others go on beside it: %s',
  async (perTest, isShared) => {
    const ended: unknown[] = []
    const afterTest = (_: Store, one: unknown): void => void ended.push(one)
    const world = new ResourceWorld({ main: rowsResource([], { perTest, afterTest }) })
    const file = await world.openFile(world.newWorker())
    await attempt(file)
    expect(ended).toEqual([{ test: 'a test', hasFailed: false, isShared }])
  },
)
