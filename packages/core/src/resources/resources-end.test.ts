import { expect, test, vi } from 'vitest'
import { attempt, ResourceWorld } from '../../fixtures/resource-world.js'
import type { ResourceOptions } from './resource-thread.js'
import { rowsResource, type Rows } from '../../fixtures/rows-resource.js'

/** Something to wait for. */
function gate() {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

test('what is being made when the run ends is destroyed', async () => {
  const log: string[] = []
  const { opened, open } = gate()
  const create = async () => {
    log.push('create')
    await opened
    return { id: 'late-1-1', rows: [] }
  }
  const world = new ResourceWorld({ main: rowsResource(log, { create }) })
  const failed = world.openFile(world.newWorker()).catch((error: unknown) => error)
  await vi.waitFor(() => expect(log).toEqual(['create']), 10_000)
  const closed = world.run.close({ hasFailed: false })
  expect(await failed).toMatchObject({ code: 'HEDDLE_RESOURCE_FAILED' })
  open()
  await closed
  expect(log).toEqual(['create', 'destroy late-1'])
})

test('nothing is started once the run is over, and what uses it stops last', async () => {
  const log: string[] = []
  const start = () => void log.push('start')
  const stop = () => void log.push('stop')
  const resource = rowsResource(log, { start, stop, perTest: 'clone' })
  const world = new ResourceWorld({
    main: resource,
    unused: rowsResource(log, { start, files: 'x', stop }),
  })
  await attempt(await world.openFile(world.newWorker()))
  await world.run.close({ hasFailed: false })
  await world.run.prepare({ workers: 2, files: [`${world.root}/x`] })
  expect(log.filter((line) => line === 'start')).toEqual(['start'])
  expect(log.at(-1)).toBe('stop')
  expect(log.filter((line) => line.startsWith('destroy')).length).toBe(
    log.filter((line) => line.startsWith('create')).length,
  )
})

test('whoever works is told when the run ends before its time', async () => {
  const signals: AbortSignal[] = []
  const create = ({ signal }: { readonly signal: AbortSignal }) => {
    signals.push(signal)
    return { id: 'a-1-1', rows: [] }
  }
  for (const isEarly of [false, true]) {
    const world = new ResourceWorld({ main: rowsResource([], { create }) })
    await world.openFile(world.newWorker())
    await world.run.close({ hasFailed: false, isEarly })
  }
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true])
})

test('what cannot be destroyed is told, and everything else is destroyed', async () => {
  const log: string[] = []
  const destroy = ({ id }: { readonly id: string }) => {
    if (id.startsWith('worker-1-')) throw new Error('busy')
    log.push('destroyed')
  }
  const world = new ResourceWorld({ main: rowsResource([], { destroy }) })
  for (const slot of [1, 2]) await world.openFile(world.newWorker(slot))
  await world.run.close({ hasFailed: false })
  expect(log).toEqual(['destroyed'])
  expect(world.lines).toEqual([expect.stringContaining('Cannot destroy resource "main" (rows): busy')])
})

test('what was written before the first test is told of, once', async () => {
  const world = new ResourceWorld({ main: rowsResource() })
  const worker = world.newWorker()
  for (const [name, rows] of Object.entries({ 'a.test.ts': ['users', 'a', 'b', 'c', 'd', 'e'], 'b.test.ts': [] })) {
    const file = await world.openFile(worker, name)
    await (file.handleOf('main', undefined) as Rows).add(...rows)
    for (let i = 0; i < 2; i++) await attempt(file, async (one) => (file.handleOf('main', one) as Rows).add('x'))
    await file.close()
  }
  expect(world.lines).toEqual([
    'resource "main": what "a.test.ts" wrote before its first test, in beforeAll or at its top, was cleaned away ' +
      "(users, a, b, c and 2 more). Write it in beforeEach, or keep it for all tests of the file: resource('main', { perTest: 'file' })",
  ])
})

test('a notice of a reset is told', async () => {
  const world = new ResourceWorld({ main: rowsResource([], { reset: () => ({ notice: 'a table was added' }) }) })
  await attempt(await world.openFile(world.newWorker()))
  expect(world.lines).toEqual(['resource "main": a table was added'])
})

test.each([
  ['mian', {}, 'the resources are "main"\nFix: did you mean "main"?'],
  ['xyz', {}, 'Fix: add it to resources in heddle.config.'],
  ['main', { perTst: 'clone' }, 'unknown option "perTst", did you mean "perTest"?'],
  ['main', { perTest: 'always' }, 'perTest must be reset, clone, rollback, file, none, got "always"'],
  ['main', { perTest: 'rollback' }, 'it has nothing to roll back'],
])('resource("%s", %j) is refused', async (name, options, problem) => {
  const world = new ResourceWorld({ main: rowsResource() })
  const file = await world.openFile(world.newWorker())
  expect(() => file.declare(name, options as ResourceOptions)).toThrow(problem)
})
