import { expect, test, vi } from 'vitest'
import { attempt, ResourceWorld } from '../../fixtures/resource-world.js'
import { rowsResource, type Rows } from '../../fixtures/rows-resource.js'

test('attempts that overlap have one each, and the next is made while they run', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log, { perTest: 'clone' }) })
  const file = await world.openFile(world.newWorker())
  await vi.waitFor(() => expect(log).toEqual(['create worker 1', 'create test 1']), 10_000)
  const tests = [{}, {}, {}]
  const env = await Promise.all(tests.map((one, i) => file.beginTest(one, `test ${i}`)))
  const handles = tests.map((one) => file.handleOf('main', one) as Rows)
  expect(new Set(handles.map(({ id }) => id)).size).toBe(3)
  // Nobody could say whose variables they are.
  expect(env).toEqual([{}, {}, {}])
  await Promise.all(handles.map((handle, i) => handle.add(`row ${i}`)))
  expect(await Promise.all(handles.map((handle) => handle.list()))).toEqual([['row 0'], ['row 1'], ['row 2']])
  for (const one of tests) await file.endTest(one, { test: 'a test', hasFailed: false })
  await vi.waitFor(() => expect(log.filter((line) => line === 'destroy test-1').length).toBe(3), 10_000)
  // Three that were used, and the next.
  expect(log.filter((line) => line === 'create test 1').length).toBe(4)
  await world.run.close({ hasFailed: false })
  expect(log.slice(-2).sort()).toEqual(['destroy test-1', 'destroy worker-1'])
})

test('a test that runs alone has its variables, and what the file has is another', async () => {
  const world = new ResourceWorld({ main: rowsResource([], { perTest: 'clone' }) })
  const file = await world.openFile(world.newWorker())
  const one = {}
  const env = await file.beginTest(one, 'a test')
  const { id } = file.handleOf('main', one) as Rows
  expect(env).toEqual({ ROWS_ID: id })
  expect((file.handleOf('main', undefined) as Rows).id).toBe(file.env['ROWS_ID'])
  expect(file.env['ROWS_ID']).not.toBe(id)
})

test('whoever asks when its test has ended is refused, also by what it has kept', async () => {
  const world = new ResourceWorld({ main: rowsResource([], { perTest: 'clone' }) })
  const file = await world.openFile(world.newWorker())
  const one = {}
  await file.beginTest(one, 'a test')
  const handle = file.handleOf('main', one) as Rows
  await file.endTest(one, { test: 'a test', hasFailed: false })
  expect(() => file.handleOf('main', one)).toThrow('HEDDLE_FIXTURE_OUTSIDE')
  await expect(handle.list()).rejects.toThrow('Cannot use main.list() in "a test" any more: it has ended')
})

test('a test that never ends loses its own when the file is over', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log, { perTest: 'clone' }) })
  const file = await world.openFile(world.newWorker())
  await file.beginTest({}, 'a test')
  await file.close()
  await vi.waitFor(() => expect(log).toContain('destroy test-1'), 10_000)
  await expect(file.beginTest({}, 'another')).rejects.toThrow('Cannot use its resources in "test/a.test.ts" any more')
})

test('a file may say that its tests need clones, or that they share', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log) })
  const worker = world.newWorker()
  const first = await world.openFile(worker)
  first.declare('main', { perTest: 'clone' })
  await attempt(first)
  expect(log).not.toContain('reset')
  const second = await world.openFile(worker, 'b.test.ts')
  log.splice(0)
  second.declare('main', { perTest: 'file' })
  await attempt(second, async (one) => (second.handleOf('main', one) as Rows).add('shared'))
  await attempt(second, async (one) => {
    expect(await (second.handleOf('main', one) as Rows).list()).toEqual(['shared'])
  })
  expect(log).toEqual([])
})

test('tests that overlap cannot be reset in place', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log) })
  const file = await world.openFile(world.newWorker())
  const [first, second] = [{}, {}]
  await file.beginTest(first, 'first')
  await expect(file.beginTest(second, 'second')).rejects.toMatchObject({
    code: 'HEDDLE_RESOURCE_INVALID',
    message: expect.stringContaining(
      `Cannot make resource "main" clean for "second": another test of the file is using it\nFix: write \`resource('main', { perTest: 'clone' })\``,
    ) as string,
  })
  expect(log).toEqual(['create worker 1', 'reset'])
  // It is not the fault of the first.
  expect(await file.endTest(second, { test: 'second', hasFailed: true })).toEqual({ failures: [], kept: [] })
  expect(await file.endTest(first, { test: 'first', hasFailed: false })).toEqual({ failures: [], kept: [] })
  expect(await attempt(file)).toEqual([])
})

test.each(['file', 'none'] as const)('tests that overlap may share what is cleaned per %s', async (perTest) => {
  const world = new ResourceWorld({ main: rowsResource([], { perTest }) })
  const file = await world.openFile(world.newWorker())
  await Promise.all([attempt(file), attempt(file)])
})

test('without reset, every file and every test has another', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log, { reset: undefined as never }) })
  const worker = world.newWorker()
  const ids = new Set<string | undefined>()
  for (const name of ['a.test.ts', 'b.test.ts']) {
    const file = await world.openFile(worker, name)
    ids.add(file.env['ROWS_ID'])
    await attempt(file, (one) => {
      const { id } = file.handleOf('main', one) as Rows
      expect(id).toMatch(/^test-/)
      ids.add(id)
    })
    await file.close()
  }
  expect(ids.size).toBe(4)
  await world.run.close({ hasFailed: false })
  expect(log.filter((line) => line.startsWith('create')).length).toBe(log.length / 2)
})

test('what is never cleaned is found by the next file as it was left', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log, { perTest: 'none' }) })
  const worker = world.newWorker()
  const first = await world.openFile(worker)
  await attempt(first, async (one) => (first.handleOf('main', one) as Rows).add('x'))
  await first.close()
  const second = await world.openFile(worker, 'b.test.ts')
  await attempt(second, async (one) => {
    expect(await (second.handleOf('main', one) as Rows).list()).toEqual(['x'])
  })
  expect(log).toEqual(['create worker 1'])
})
