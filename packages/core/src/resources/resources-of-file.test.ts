import { expect, test } from 'vitest'
import { ResourceWorld } from '../../fixtures/resource-world.js'
import { defineResource, type Resource } from './resource.js'
import { ResourcesOfFile } from './resources-of-file.js'

/** A number for each instance, which its variable tells. */
function counter(perTest: 'clone' | 'reset', resets: string[] = []): Resource {
  return defineResource({
    kind: 'counter',
    perTest,
    create: ({ number }) => ({ url: `counter/${number}` }),
    env: ({ url }) => ({ COUNTER: url }),
    reset: ({ url }) => void resets.push(url),
  })
}

async function open(resources: Record<string, Resource>, ...envs: NodeJS.ProcessEnv[]): Promise<ResourcesOfFile> {
  const world = new ResourceWorld(resources)
  return new ResourcesOfFile(await world.openFile(world.newWorker()), envs)
}

const ENDED = { test: 'a test', hasFailed: false }

test('variables are those of the file, of a clone those of its attempt, and in the end as they were', async () => {
  const [own, sandbox] = [{ COUNTER: 'mine' }, {}] as const satisfies NodeJS.ProcessEnv[]
  const file = await open({ counter: counter('clone') }, own, sandbox)
  const ofFile = own.COUNTER
  expect(ofFile).toMatch(/^counter/)
  const attempt = {}
  await file.begin(attempt, 'a test')
  expect(own.COUNTER).toMatch(/^counter/)
  expect(own.COUNTER).not.toBe(ofFile)
  expect(sandbox).toEqual(own)
  expect(file.handleOf('counter', attempt)).toMatchObject({ url: own.COUNTER })
  await file.end(attempt, ENDED)
  expect([own.COUNTER, sandbox]).toEqual([ofFile, { COUNTER: ofFile }])
  await file.close()
  expect([own, sandbox]).toEqual([{ COUNTER: 'mine' }, {}])
})

test('an attempt begins once, however often and however late somebody says so', async () => {
  const resets: string[] = []
  const file = await open({ counter: counter('reset', resets) }, {})
  const attempt = {}
  await Promise.all([file.begin(attempt, 'a test'), file.begin(attempt, 'a test')])
  await file.begin(attempt, 'a test')
  expect(resets).toHaveLength(1)
  await file.end(attempt, ENDED)
  await file.begin({}, 'another')
  expect(resets).toHaveLength(2)
})

test('what cannot begin is told to all who ask, and leaves nothing', async () => {
  const env = {}
  const file = await open({ counter: counter('reset') }, env)
  const before = { ...env }
  await file.begin({}, 'first')
  const second = {}
  for (let i = 0; i < 2; i++) await expect(file.begin(second, 'second')).rejects.toThrow('HEDDLE_RESOURCE_INVALID')
  expect(await file.end(second, ENDED)).toEqual({ failures: [], kept: [] })
  expect(env).toEqual(before)
})

test('an attempt that never began leaves nothing, and a file without resources has nothing to begin', async () => {
  const file = await open({ counter: defineResource({ kind: 'none', files: 'other.test.ts', create: () => ({}) }) }, {})
  await file.begin({}, 'a test')
  expect(await file.end({}, ENDED)).toEqual({ failures: [], kept: [] })
})

test('a file that ends while an attempt goes on takes back its variables', async () => {
  const env = {}
  const file = await open({ counter: counter('clone') }, env)
  await file.begin({}, 'a test')
  await file.close()
  await file.close()
  expect(env).toEqual({})
})
