import { expect, test } from 'vitest'
import { dirWith } from '../../fixtures/directories.js'
import { attempt, ResourceWorld } from '../../fixtures/resource-world.js'
import { rowsResource } from '../../fixtures/rows-resource.js'
import type { PerTest } from './resource.js'

interface Seen {
  readonly events: string[]
}

/** A module that tells in its handle what happens to it. */
function workerModule(name = 'part.mjs'): string {
  const open = `({ name, perTest, value, call }) => {
    const events = globalThis['events of ' + ${JSON.stringify(name)}] ??= []
    events.push(['open', name, perTest, value.id.replace(/-\\d+$/, '')].join(' '))
    return {
      handle: { events, get rows() { return call('list') } },
      beforeFile: () => void events.push('file'),
      beforeTest: () => void events.push('before'),
      afterTest: ({ test }) => {
        events.push('after ' + test)
        if (test === 'bad') throw new Error('cannot roll back')
        return test === 'open' ? { left: ['something'] } : undefined
      },
      close: () => void events.push('close'),
    }
  }`
  const source = name.endsWith('.mjs') ? `export const open = ${open}` : `module.exports = { ...{ open: ${open} } }`
  return `${dirWith({ [name]: source })}/${name}`
}

function worldWith(path: string, perTest?: PerTest): ResourceWorld {
  return new ResourceWorld({ main: rowsResource([], { worker: path, ...(perTest && { perTest }) }) })
}

test.each(['part-a.mjs', 'part-a.cjs'])(
  '%s is opened once for what the worker has, and told of its later files and of tests',
  async (name) => {
    const world = worldWith(workerModule(name), 'rollback')
    const worker = world.newWorker()
    for (const path of ['a.test.ts', 'b.test.ts']) {
      const file = await world.openFile(worker, path)
      await attempt(file, () => undefined, path)
      await file.close()
    }
    const file = await world.openFile(worker)
    const { events } = file.handleOf('main', undefined) as Seen
    await worker.close()
    const tests = ['before', 'after a.test.ts', 'file', 'before', 'after b.test.ts', 'file']
    expect(events).toEqual(['open main rollback worker-1', ...tests, 'close'])
  },
)

test('a worker that lives on into another run opens it anew for that', async () => {
  const world = worldWith(workerModule('part-f.mjs'), 'rollback')
  const worker = world.newWorker()
  await world.openFile(worker)
  await world.run.close({ hasFailed: false })
  world.run.begin()
  const file = await world.openFile(worker)
  const { events } = file.handleOf('main', undefined) as Seen
  expect(events).toEqual(['open main rollback worker-1', 'close', 'open main rollback worker-1'])
})

test('its handle comes on top of the value and the calls', async () => {
  const world = worldWith(workerModule('part-b.mjs'))
  const file = await world.openFile(world.newWorker())
  const handle = file.handleOf('main', undefined) as {
    readonly rows: Promise<unknown>
    readonly add: (row: string) => unknown
  }
  await handle.add('x')
  expect(await handle.rows).toEqual(['x'])
})

test('each clone has one of its own', async () => {
  const world = worldWith(workerModule('part-c.mjs'), 'clone')
  const file = await world.openFile(world.newWorker())
  let seen: readonly string[] = []
  await attempt(file, (one) => (seen = (file.handleOf('main', one) as Seen).events), 'x')
  const [base, ...ofClone] = seen
  expect(base).toBe('open main clone worker-1')
  expect(ofClone).toEqual(['open main clone test-1', 'before', 'after x', 'close'])
})

test('a file that says how its tests are isolated has it opened for that', async () => {
  const world = worldWith(workerModule('part-d.mjs'))
  const file = await world.openFile(world.newWorker())
  file.declare('main', { perTest: 'rollback' })
  await attempt(file, () => undefined, 'x')
  const { events } = file.handleOf('main', undefined) as Seen
  const opened = ['open main reset worker-1', 'close', 'open main rollback worker-1']
  expect(events).toEqual([...opened, 'before', 'after x'])
})

test('what a test left in the worker fails it', async () => {
  const world = worldWith(workerModule('part-e.mjs'), 'rollback')
  const file = await world.openFile(world.newWorker())
  expect(await attempt(file, () => undefined, 'open')).toEqual([expect.stringContaining('HEDDLE_RESOURCE_LEFT_OPEN')])
  expect(await attempt(file, () => undefined, 'bad')).toEqual([
    expect.stringContaining('Cannot end resource "main" (in its worker): cannot roll back'),
  ])
})

test('a module that cannot be used fails the file', async () => {
  const world = worldWith(`${dirWith({ 'x.mjs': 'export const opn = 1' })}/x.mjs`)
  await expect(world.openFile(world.newWorker())).rejects.toThrow(
    /HEDDLE_RESOURCE_FAILED: Cannot open the worker module of resource "main" \(.*x\.mjs\): it exports no function open/,
  )
})
