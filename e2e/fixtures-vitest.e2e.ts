import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fixturesProject, leftBehind, oneWorker, pass, run, told } from './lib/fixtures-vitest-project.js'
import { VITEST_HOSTS } from './lib/hosts.js'

/** Every place where something can be asked for. */
const PLACES = `
tell('file ' + (await listen(server('file'))).port)
beforeAll(async () => { await listen(server('beforeAll')) })
afterAll(async () => { await listen(server('afterAll')); tell('afterAll') })
describe('block', () => {
  beforeAll(async () => { await listen(server('block')) })
  beforeEach(async () => { await listen(server('beforeEach')) })
  afterEach(async () => { await listen(server('afterEach')); tell('afterEach') })
  test('one', async () => {
    onTestFinished(() => tell('finished'))
    await listen(server('one'))
    await listen(server('two'))
    await listen(server('for the file'), { scope: 'file' })
    tell('end of one')
  })
  afterAll(() => tell('end of block'))
})
test('next', () => { tell('next') })
`

/** Whatever becomes of a test, what it had is gone when the next one begins. */
const ENDS = `
const { test: plain } = await import('vitest')
const dirs = {}
const keep = async (name) => { dirs[name] = await tempDir(); write(dirs[name] + '/file', ''); return dirs[name] }
const gone = (name) => expect(has(dirs[name]), name).toBe(false)
test('passes', () => keep('passes'))
test('after', () => gone('passes'))
test('fails', async () => { await keep('fails'); throw new Error('as it should') })
test('after', () => gone('fails'))
test('times out', async () => { await keep('slow'); await sleep(400); await tempDir().catch(({ code }) => tell('late ' + code)) }, 100)
test('after', () => gone('slow'))
test('skips itself', async ({ skip }) => { await keep('skips'); skip() })
test('after', () => gone('skips'))
test.fails('fails as wanted', async () => { await keep('wanted'); throw new Error('as it should') })
test('after', () => gone('wanted'))
const tried = []
// In Vitest 3, a test that was extended knows no such options.
plain('is retried', { retry: 2 }, async ({ task }) => {
  for (const dir of tried) expect(has(dir)).toBe(false)
  tried.push(await tempDir(), await keep('retried'))
  expect(task.result.retryCount).toBe(2)
})
test('after', () => { gone('retried'); expect(new Set(tried).size).toBe(6) })
const repeated = []
plain('is repeated', { repeats: 1 }, async () => {
  for (const name of repeated) expect(name).not.toBe(namespace())
  repeated.push(namespace())
  await keep('repeated')
})
test('after', () => { gone('repeated'); expect(repeated).toHaveLength(2) })
describe('beforeEach fails', () => {
  beforeEach(async () => { await keep('beforeEach'); throw new Error('as it should') })
  test('so it does', () => undefined)
})
test('after', () => gone('beforeEach'))
test('waits for what timed out', () => sleep(400))
`

const AROUND = `
const { aroundEach, test: plain } = await import('vitest')
const dirs = []
aroundEach(async (run, { task }) => {
  const dir = await tempDir()
  expect(dirs).not.toContain(dir)
  dirs.push(dir)
  await run()
  if (task.name === 'once') { expect(has(dir)).toBe(true); await tempDir() }
})
plain('is retried', { retry: 1 }, async ({ task }) => {
  expect(has(dirs.at(-1))).toBe(true)
  if (dirs.length === 2) expect(has(dirs[0])).toBe(false)
  if (task.result.retryCount < 1) throw new Error('as it should')
})
test('once', async ({ tempDir: own }) => {
  expect(dirs).toHaveLength(3)
  expect(dirs.map(has)).toEqual([false, false, true])
  expect(has(own)).toBe(true)
})
test('skips itself', ({ skip }) => { expect(dirs.map(has)).toEqual([false, false, false, true]); skip() })
test.concurrent('next', async () => { expect(dirs.map(has)).toEqual([false, false, false, false, true]) })
`

const TYPES = `
import { expectTypeOf, test as base } from 'vitest'
import { fixtures, it, shared, test, type Logger } from '@heddle/vitest'
test('values', async ({ env, expect, logger, namespace, port, runId, slot, socketPath, tempDir, workerId }) => {
  expectTypeOf(port).toEqualTypeOf<number>()
  expectTypeOf(slot).toEqualTypeOf<number>()
  expectTypeOf([namespace, runId, socketPath, tempDir, workerId]).toEqualTypeOf<string[]>()
  expectTypeOf(logger).toEqualTypeOf<Logger>()
  env({ A: '1', B: undefined })
  expect(await shared('key', { create: () => ({ n: 1 }) })).toEqual({ n: 1 })
})
it.only.concurrent('x', ({ task }) => { expectTypeOf(task.name).toEqualTypeOf<string>() })
it.each([1])('%i', (n) => { expectTypeOf(n).toEqualTypeOf<number>() })
const own = test.extend<{ url: string }>({ url: async ({ port }, use) => { await use(String(port)) } })
own('of both', ({ url, tempDir }) => { expectTypeOf([url, tempDir]).toEqualTypeOf<string[]>() })
const theirs = base.extend<{ n: number }>({ n: 1 }).extend(fixtures)
theirs('of both', ({ n, port, tempDir }) => {
  expectTypeOf([n, port]).toEqualTypeOf<number[]>()
  expectTypeOf(tempDir).toEqualTypeOf<string>()
})
// @ts-expect-error there is no such fixture
test('none', ({ porst }) => porst)
`

/** Since Vitest 4.1. */
const BUILDER = `
const built = test.extend('url', ({ port }) => 'http://localhost:' + port)
built('of both', ({ url, port }) => { expectTypeOf(url).toEqualTypeOf<string>(); expectTypeOf(port).toEqualTypeOf<number>() })
`

describe.each(VITEST_HOSTS)('fixtures in Vitest $version', (host) => {
  test('all is given back at the end of its scope, the last first', async () => {
    const project = fixturesProject(host, { places: PLACES })
    await pass(project)
    expect(told(project).filter((line) => !line.startsWith('file '))).toEqual([
      'end of one',
      'afterEach',
      'finished',
      'closed afterEach',
      'closed two',
      'closed one',
      'closed beforeEach',
      'end of block',
      'next',
      'afterAll',
      'closed afterAll',
      'closed for the file',
      'closed block',
      'closed beforeAll',
      'closed file',
    ])
    expect(leftBehind(project)).toEqual([])
  })

  test('their types are those of this Vitest', () => {
    const project = fixturesProject(host, {})
    project.write('types.ts', host.version.startsWith('3.') ? TYPES : TYPES + BUILDER)
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2022',
      skipLibCheck: true,
      types: [],
    }
    project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['types.ts'] }))
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project.dir], { encoding: 'utf8' })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  })

  test.runIf(!host.version.startsWith('3.'))('aroundEach asks for its attempt, from beginning to end', async () => {
    const project = fixturesProject(host, { around: AROUND }, { options: `keepTempDirs: 'never'` })
    await pass(project)
    expect(leftBehind(project)).toEqual([])
  })

  test.each([
    ['a process per file', []],
    ['one process', oneWorker(host)],
    ['threads', ['--pool=threads']],
  ])('whatever becomes of a test, what it had is gone afterwards, in %s', async (_, args) => {
    const project = fixturesProject(host, { ends: ENDS, again: ENDS }, { options: `keepTempDirs: 'never'` })
    const { stdout, stderr } = await run(project, ...args)
    const output = stdout + stderr
    expect(output).toMatch(/Tests +6 failed \|.* 2 skipped.* \(34\)/)
    expect(output).not.toMatch(/AssertionError/)
    expect(told(project)).toEqual(['late HEDDLE_FIXTURE_OUTSIDE', 'late HEDDLE_FIXTURE_OUTSIDE'])
    expect(leftBehind(project)).toEqual([])
  })
})
