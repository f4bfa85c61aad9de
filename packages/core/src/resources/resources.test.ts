import { existsSync } from 'node:fs'
import net from 'node:net'
import v8 from 'node:v8'
import { expect, onTestFinished, test, vi } from 'vitest'
import { attempt, ResourceWorld } from '../../fixtures/resource-world.js'
import { rowsResource, type Rows } from '../../fixtures/rows-resource.js'
import { ResourceClient } from './resource-client.js'
import { defineResource, type ResourceContext } from './resource.js'

test('every test finds it clean, files share it, and it is gone at the end', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log) })
  const worker = world.newWorker()
  for (const name of ['a.test.ts', 'b.test.ts']) {
    const file = await world.openFile(worker, name)
    for (let i = 0; i < 2; i++) {
      await attempt(file, async (one) => {
        const rows = file.handleOf('main', one) as Rows
        expect(await rows.list()).toEqual([])
        expect(await rows.add('x', 'y')).toBe(2)
        expect(await rows.list()).toEqual(['x', 'y'])
      })
    }
    await file.close()
  }
  await world.run.close({ hasFailed: false })
  expect(log).toEqual(['create worker 1', 'reset', 'reset', 'reset', 'reset', 'reset', 'destroy worker-1'])
  expect(world.lines).toEqual([])
})

test('a file has variables and a handle, which nobody can change', async () => {
  const world = new ResourceWorld({ main: rowsResource() })
  const file = await world.openFile(world.newWorker(3))
  const handle = file.handleOf('main', undefined) as Rows
  expect(handle.id).toMatch(/^worker-3-\d+$/)
  expect(file.env).toEqual({ ROWS_ID: handle.id })
  expect(file.isEmpty).toBe(false)
  expect(() => Object.assign(handle, { id: 'mine' })).toThrow('read only')
})

test('workers of different slots have different ones', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log) })
  const files = await Promise.all([1, 2, 3].map(async (slot) => world.openFile(world.newWorker(slot))))
  expect(new Set(files.map(({ env }) => env['ROWS_ID'])).size).toBe(3)
  expect(log.sort()).toEqual(['create worker 1', 'create worker 2', 'create worker 3'])
})

test('two workers that their host has given one number do not share one', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log) })
  const [first, second] = [await world.openFile(world.newWorker(1)), await world.openFile(world.newWorker(1))]
  expect(first.env).not.toEqual(second.env)
  await first.close()
  const third = await world.openFile(world.newWorker(1))
  expect(third.env).toEqual(first.env)
  expect(log).toEqual(['create worker 1', 'create worker 1001', 'reset'])
})

test('a worker that has gone without a word leaves it to the next file, clean', async () => {
  const world = new ResourceWorld({ main: rowsResource() })
  const { mainPid, resources } = world.run.settings
  const gone = await ResourceClient.connect({ socket: resources?.socket ?? '', mainPid })
  const request = { file: 'a.test.ts', path: `${world.root}/a.test.ts`, slot: 1 }
  const [given] = await gone.ask('open', request, 'open it')
  const { number, env } = given?.instance ?? {}
  await gone.ask('call', { name: 'main', number: number ?? NaN, call: 'add', args: ['left'] }, 'call it')
  // As a killed process does: only the connection ends.
  gone.close()
  await vi.waitFor(async () => {
    const next = await world.openFile(world.newWorker())
    expect(next.env).toEqual(env)
    expect(await (next.handleOf('main', undefined) as Rows).list()).toEqual([])
  }, 10_000)
})

test('only files that match its globs have it', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log, { files: ['test/db/**', '!**/slow*'] }) })
  const files = ['test/a.test.ts', 'test/db/slow.test.ts', 'test/db/a.test.ts']
  const isEmpty: boolean[] = []
  for (const path of files) {
    const file = await world.openFile(world.newWorker(), path)
    isEmpty.push(file.isEmpty)
    if (file.isEmpty) {
      expect(file.env).toEqual({})
      expect(await file.beginTest({}, 'a test')).toEqual({})
      expect(() => file.handleOf('main', undefined)).toThrow('it is for other files')
    }
    await file.close()
  }
  expect(isEmpty).toEqual([true, true, false])
  expect(log).toEqual(['create worker 1'])
})

test('tests that fake timers and replace what carries messages do not disturb it', async () => {
  const world = new ResourceWorld({ main: rowsResource() })
  const file = await world.openFile(world.newWorker())
  vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'setInterval', 'queueMicrotask', 'Date', 'performance'] })
  const spies = [vi.spyOn(v8, 'serialize'), vi.spyOn(v8, 'deserialize'), vi.spyOn(net, 'connect')]
  onTestFinished(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
  expect(await attempt(file, async (one) => (file.handleOf('main', one) as Rows).add('x'))).toEqual([])
  await file.close()
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
})

test('what is prepared is what the workers get, and no more than there are files', async () => {
  const log: string[] = []
  const resources = {
    main: rowsResource(log, { files: 'db/**' }),
    other: rowsResource([], { env: () => ({ OTHER: '1' }) }),
  }
  const world = new ResourceWorld(resources)
  const files = ['db/a.test.ts', 'db/b.test.ts', 'c.test.ts', 'd.test.ts', 'e.test.ts']
  const env = await world.run.prepare({ workers: 4, files: files.map((file) => `${world.root}/${file}`) })
  expect(log.sort()).toEqual(['create worker 1', 'create worker 2'])
  expect(new Set(env.keys())).toEqual(new Set([1, 2, 3, 4]))
  expect(env.get(3)).toEqual({ OTHER: '1' })
  const file = await world.openFile(world.newWorker(2), 'db/b.test.ts')
  expect(file.env).toEqual(env.get(2))
  expect(log.length).toBe(2)
})

test('it is told how many workers may use it: no more than there are files that do', async () => {
  const told: Record<string, number> = {}
  const start = ({ name, slots }: ResourceContext): undefined => void (told[name] = slots)
  const world = new ResourceWorld({
    main: rowsResource([], { start, env: () => ({}) }),
    rare: rowsResource([], { start, env: () => ({}), files: 'db/**' }),
  })
  const files = ['a', 'b', 'c', 'db/d', 'db/e'].map((name) => `${world.root}/${name}.test.ts`)
  await world.run.prepare({ workers: 4, files })
  expect(told).toEqual({ main: 4, rare: 2 })
})

test('what it asks for lasts as long as it does', async () => {
  const dirs: string[] = []
  const names: string[] = []
  const dirResource = defineResource({
    kind: 'dir',
    perTest: 'file',
    start: async ({ tempDir, namespace }) => {
      names.push(namespace())
      return tempDir()
    },
    create: async ({ tempDir, namespace }, server) => {
      names.push(namespace())
      const dir = await tempDir({ prefix: 'toy' })
      dirs.push(server, dir)
      return { dir }
    },
    destroy: ({ dir }) => expect(existsSync(dir)).toBe(true),
  })
  const world = new ResourceWorld({ dir: dirResource })
  const file = await world.openFile(world.newWorker())
  await file.close()
  expect(dirs.map((dir) => existsSync(dir))).toEqual([true, true])
  expect(new Set(names).size).toBe(2)
  await world.run.close({ hasFailed: false })
  expect(dirs.map((dir) => existsSync(dir))).toEqual([false, false])
  expect(world.lines).toEqual([])
})

test('what it keeps for people is told', async () => {
  const keeping = defineResource({
    kind: 'dir',
    perTest: 'file',
    start: async ({ tempDir }) => tempDir({ keep: 'always' }),
    create: async ({ tempDir }, server) => ({ server, dir: await tempDir({ keep: 'always' }) }),
  })
  const world = new ResourceWorld({ keeping })
  const file = await world.openFile(world.newWorker())
  const { server, dir } = file.handleOf('keeping', undefined) as { readonly server: string; readonly dir: string }
  await world.run.close({ hasFailed: false })
  expect(world.lines).toEqual([dir, server].map((path) => `kept "${path}" of resource "keeping"`))
  expect([server, dir].map((path) => existsSync(path))).toEqual([true, true])
})

test('it can be run again', async () => {
  const log: string[] = []
  const world = new ResourceWorld({ main: rowsResource(log) })
  const worker = world.newWorker()
  for (let i = 0; i < 2; i++) {
    world.run.begin()
    expect(await attempt(await world.openFile(worker))).toEqual([])
    await world.run.close({ hasFailed: false })
  }
  const once = ['create worker 1', 'reset', 'destroy worker-1']
  expect(log).toEqual([...once, ...once])
})
