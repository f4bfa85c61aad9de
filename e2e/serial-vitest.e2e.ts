import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { VITEST_HOSTS } from './lib/hosts.js'
import {
  bodies,
  events,
  JSON_REPORT,
  lockEnv,
  overlaps,
  pass,
  reported,
  serialProject,
  twoWorkers,
  untilBegun,
} from './lib/serial-vitest-project.js'

/** Every way to be serial, all of one key. */
const FORMS = `
const ledger = serial('ledger')
ledger('plain', body('plain', 100))
ledger('fixture', async ({ expect, task }) => {
  expect(task.name).toBe('fixture')
  expect([isSerial(), isSerial('ledger'), isSerial('other')]).toEqual([true, true, false])
  await body('fixture')()
})
ledger.each([[1, 2], [3, 4]])('each %i %i', async (a, b) => body('each ' + a + b)())
ledger.for([{ n: 1 }])('for $n', async ({ n }, { expect }) => { expect(n).toBe(1); await body('for 1')() })
serial({ key: ['smtp', 'ledger'], scope: 'workspace' }).skipIf(false).each(['x'])('keys %s', async () => body('keys')())
ledger('retry', { retry: 2 }, async ({ task }) => {
  await body('retry')()
  expect(task.result.retryCount).toBe(1)
})
ledger('skips itself', async ({ skip }) => { await body('skip')(); skip() })
ledger.skip('skipped', () => { tell('begin', 'skipped') })
ledger.todo('todo')
ledger.fails('fails', async () => { await body('fails')(); throw new Error('as it should') })
ledger('fake timers', async () => {
  vi.useFakeTimers({ now: 0 })
  await body('fake timers')()
})
ledger('after fake timers that nobody took away', body('after fake timers'))
describe('concurrent', () => {
  for (const n of [1, 2, 3]) ledger.concurrent('concurrent ' + n, async ({ expect }) => {
    expect(isSerial('ledger')).toBe(true)
    await body('concurrent ' + n)()
  })
  ledger.concurrent('skips itself', async ({ skip }) => { await body('concurrent skip')(); skip() })
})
serial.describe('ledger', 'block', () => {
  beforeAll(() => tell('begin', 'block'))
  afterAll(() => tell('end', 'block'))
  test('ordinary', async () => { expect(isSerial('ledger')).toBe(true); await sleep(30); tell('tick', 'block') })
  ledger('takes nothing again', async () => { await sleep(30); tell('tick', 'block') })
})
ledger.describe.each([1, 2])('block %i', (n) => { test('in it', body('block ' + n)) })
serial.describe('ledger', 'nothing runs', () => { test.skip('so it takes nothing', () => undefined) })
serial('all alone', body('unkeyed', 50))
serial.describe('alone', () => { test('all alone', body('unkeyed block')) })
test('holds nothing', () => { expect(isSerial()).toBe(false) })
`
const BODIES = 21

const TYPES = `
import { expectTypeOf } from 'vitest'
import { isSerial, serial } from '@heddle/vitest'
serial('a', async ({ expect, task }) => { expect(task.name).toBe('a') })
serial('ledger')('b', ({ skip }) => skip(), 1000)
serial(['ledger', 'smtp']).only('c', { retry: 2 }, async () => undefined)
serial({ key: 'ledger', scope: 'machine', timeoutMs: 1, onTimeout: 'stop-worker' }).fails('d', () => undefined)
serial('k').each([{ n: 1, s: 'x' }])('e', ({ n, s }) => {
  expectTypeOf(n).toEqualTypeOf<number>()
  expectTypeOf(s).toEqualTypeOf<string>()
})
serial.skip.each<[number, string]>([[1, 'x']])('f', (n, s) => {
  expectTypeOf(n).toEqualTypeOf<number>()
  expectTypeOf(s).toEqualTypeOf<string>()
})
serial.shared('k').concurrent.for([1])('g', (n, { expect }) => {
  expectTypeOf(n).toEqualTypeOf<number>()
  expect(n).toBe(1)
})
serial.runIf(true)('h', () => undefined)
serial('k').todo('i')
serial('k').describe('block', () => undefined)
serial.shared.describe(['k'], 'block', () => undefined)
serial.describe('block', () => undefined)
serial.describe.skip.each([1])('block %i', (n) => { expectTypeOf(n).toEqualTypeOf<number>() })
serial.file('k')
serial.shared.file()
expectTypeOf(isSerial('k')).toEqualTypeOf<boolean>()
// @ts-expect-error there is no such scope
serial({ key: 'k', scope: 'planet' })
// @ts-expect-error rows are numbers
serial('k').each([1])('j', (n: string) => n)
// @ts-expect-error a test needs a function
serial('k')('l')
`

describe.each(VITEST_HOSTS)('serial in Vitest $version', (host) => {
  const isThree = host.version.startsWith('3.')

  test.each([
    [
      'processes',
      ['--pool=forks'],
      ['--pool=forks', ...(isThree ? ['--poolOptions.forks.isolate=false'] : ['--no-isolate'])],
    ],
    ['threads', ['--pool=threads'], ['--pool=vmThreads']],
  ])('bodies of one key never overlap, in two runs at once, in %s', async (_, one, other) => {
    const project = serialProject(host, { a: FORMS, b: FORMS })
    const workers = twoWorkers(host)
    await Promise.all([pass(project, ...workers, ...one), pass(project, ...workers, ...other)])
    expect(overlaps(project)).toEqual([])
    const names = bodies(project)
    expect(names).toHaveLength(4 * BODIES)
    expect(names).not.toContain('skipped')
  })

  test('a short test behind a long queue neither times out nor looks slow', async () => {
    const project = serialProject(host, {
      long: `serial('ledger')('long', body('long', 3000), 20_000)`,
      short: `serial('ledger')('short', body('short', 300), 1000)\ntest('ordinary', () => sleep(200))`,
    })
    const long = pass(project, 'long')
    await untilBegun(project, 'long')
    const { stderr } = await pass(project, 'short', ...JSON_REPORT)
    await long
    expect(overlaps(project)).toEqual([])
    expect(reported(project, 'short').duration).toBeLessThan(1000)
    const run = project.storedRuns().find(({ keys }) => keys.includes('test/short.test.js'))
    const [waitMs = 0, durationMs = 0] = [run?.columns['waitMs']?.[0], run?.columns['durationMs']?.[0]]
    expect(waitMs).toBeGreaterThan(300)
    expect(durationMs).toBeGreaterThan(500)
    expect(stderr).toMatch(/; [\d.]+ m?s waiting for groups and serial tests/)
  })

  test('shared tests overlap one another, never an exclusive one', async () => {
    const meet = (own: string, other: string): string =>
      `serial.shared('ledger')('${own}', async () => {
         tell('begin', 'shared ${own}'); await until('begin', 'shared ${other}'); await body('shared in ${own}', 100)(); tell('end', 'shared ${own}')
       }, 20_000)
       serial('ledger')('exclusive', body('exclusive ${own}', 50))`
    const project = serialProject(host, { a: meet('a', 'b'), b: meet('b', 'a') })
    await pass(project, ...twoWorkers(host))
    expect(overlaps(project)).toEqual([])
    expect(bodies(project)).toHaveLength(6)
  })

  test('different keys run side by side, a test without a key alone among all', async () => {
    const meet = (own: string, other: string): string =>
      `serial('${own}')('meets', async () => { tell('begin', 'shared ${own}'); await until('begin', 'shared ${other}'); tell('end', 'shared ${own}') }, 20_000)
       serial('alone', body('alone', 100))\nserial('${own}')('again', body('shared again', 50))`
    const project = serialProject(host, { a: meet('a', 'b'), b: meet('b', 'a') })
    await pass(project, ...twoWorkers(host))
    expect(overlaps(project)).toEqual([])
  })

  test('a file is held from before its first line to after its last afterAll, also in a worker that has others', async () => {
    const inFile = (name: string): string =>
      `tell('begin', '${name}')\nafterAll(async () => { await sleep(30); tell('end', '${name}') })
       test('ordinary', async () => { expect(isSerial('ledger')).toBe(true); await sleep(50); tell('tick', '${name}') })
       serial('ledger')('covered', () => undefined)`
    const project = serialProject(host, {
      a: `serial.file('ledger')\n${inFile('a')}`,
      b: `/** @serial ledger */\n${inFile('b')}`,
      c: `serial('ledger')('test', body('c', 100))`,
      d: `test.runIf(false)('nothing', () => undefined)`,
    })
    const shared = isThree ? ['--poolOptions.forks.isolate=false', '--pool=forks'] : ['--no-isolate', '--pool=forks']
    await Promise.all([pass(project, ...twoWorkers(host)), pass(project, ...shared, ...twoWorkers(host))])
    expect(overlaps(project)).toEqual([])
    expect(bodies(project).sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
  })

  test('what a test that timed out holds is kept until its body has ended, or its worker', async () => {
    const project = serialProject(host, {
      own: `serial('ledger')('too slow', body('own', 1500), 100)\nserial('ledger')('next', body('next', 50))`,
      block: `serial.describe('ledger', 'block', () => { test('too slow', body('block', 1500), 100) })\ntest('long', () => sleep(800))`,
      other: `for (const n of [1, 2, 3, 4]) serial('ledger')('other ' + n, body('other', 50))`,
    })
    const { code } = await project.run(['run', ...twoWorkers(host)], { env: lockEnv(project) })
    expect(code).toBe(1)
    expect(overlaps(project)).toEqual([])
    expect(bodies(project)).toHaveLength(7)
    expect(events(project).some(({ kind, file }) => kind === 'end' && file === 'own')).toBe(true)
  })

  test('its types are those of this Vitest', () => {
    const project = serialProject(host, {})
    project.write('types.ts', TYPES)
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

  test.runIf(!isThree)('an ordinary test may say it in its meta, its block for each of its tests', async () => {
    const meta = `
      test('ordinary', { meta: { serial: 'ledger' } }, async () => { expect(isSerial('ledger')).toBe(true); await body('test', 100)() })
      describe('block', { meta: { serial: ['ledger'] } }, () => { test('in it', async () => { expect(isSerial('ledger')).toBe(true); await body('in block')() }) })`
    const project = serialProject(host, { a: meta, b: meta })
    await pass(project, ...twoWorkers(host))
    expect(overlaps(project)).toEqual([])
    expect(bodies(project)).toHaveLength(4)
  })
})
