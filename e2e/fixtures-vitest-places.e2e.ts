import { describe, expect, test } from 'vitest'
import { fixturesProject, leftBehind, oneWorker, pass, run, told, workers } from './lib/fixtures-vitest-project.js'
import { VITEST_HOSTS } from './lib/hosts.js'

/** Everything there is, as functions and as fixtures. */
const EVERYTHING = `
const atTop = [await tempDir(), await port(), namespace('top')]
const base = (await import('vitest')).test
const mine = base.extend({ mine: async ({}, use) => { await use(1) } }).extend(fixtures)
afterAll(async () => { expect(has(atTop[0])).toBe(true); await tempDir() })
const free = []
for (const attempt of [1, 2]) test('fixtures ' + attempt, async ({ env: set, logger, namespace: name, port: one, runId: run, slot: place, socketPath: socket, tempDir: dir, workerId: worker }) => {
  expect([place, run, worker]).toEqual([heddle.heddle.slot, heddle.heddle.runId, heddle.heddle.workerId])
  expect([place, run, worker]).toEqual([slot(), runId(), workerId()])
  expect(worker).toMatch(/^[a-z0-9]{8}$/)
  expect(name).toBe(namespace())
  expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
  expect(name).not.toBe(namespace('top'))
  expect(has(dir)).toBe(true)
  expect(modeOf(dir)).toBe(0o700)
  for (const old of free) expect([name, dir, socket]).not.toContain(old)
  free.push(name, dir, socket)
  set({ HEDDLE_E2E: 'set' })
  expect(process.env.HEDDLE_E2E).toBe('set')
  logger.info('hello')
  expect(one).not.toBe(atTop[1])
  expect(await isPortFree(one)).toBe(true)
})
mine('with those of others', ({ mine, port }) => { expect(mine).toBe(1); expect(port).toBeTypeOf('number') })
it('functions', async () => {
  expect(process.env.HEDDLE_E2E).toBeUndefined()
  expect(new Set([...await ports(3), ...await portBlock(4)]).size).toBe(7)
  const { url } = await listen(server('e'))
  expect(url).toMatch(/^http:\\/\\/127\\.0\\.0\\.1:\\d+$/)
  await new Promise((resolve, reject) => process.getBuiltinModule('node:http').get(url, (answer) => answer.resume().on('end', resolve)).on('error', reject))
  expect(Buffer.byteLength(await socketPath())).toBeLessThanOrEqual(103)
  expect(await shared('value', { create: () => ({ made: 'once' }) })).toEqual({ made: 'once' })
})
`

const SURROUNDINGS: Readonly<Record<string, string>> = {
  plain: '',
  'fake timers': `vi.useFakeTimers({ now: 0 })\nbeforeEach(() => { vi.useFakeTimers({ now: 0 }) })`,
  'fs that is mocked': `vi.mock('node:fs'); vi.mock('fs'); vi.mock('node:fs/promises'); vi.mock('node:net'); vi.mock('node:crypto'); vi.mock('node:os')`,
  'fs that is spied on': `const fs = process.getBuiltinModule('node:fs')
    for (const name of Object.keys(fs)) if (/^[a-z]/.test(name) && typeof fs[name] === 'function') vi.spyOn(fs, name).mockImplementation(() => { throw new Error('spied on ' + name) })
    for (const name of Object.keys(fs.promises)) if (typeof fs.promises[name] === 'function') vi.spyOn(fs.promises, name).mockRejectedValue(new Error('spied on promises.' + name))
    afterAll(() => { vi.restoreAllMocks() })`,
  'modules that are reset': `beforeEach(() => { vi.resetModules() })`,
}

/** Tests that run at the same time. */
const CONCURRENT = `
const seen = []
const before = new Map()
beforeEach(async ({ task }) => { before.set(task.id, await tempDir()) })
afterEach(async ({ task }) => { expect(has(before.get(task.id))).toBe(true); expect(seen.find(([id]) => id === task.id)?.[1] ?? namespace()).toBe(namespace()) })
describe('block', { concurrent: true }, () => {
  for (const n of [1, 2, 3, 4, 5]) test('test ' + n, async ({ task, tempDir: dir, namespace: name }) => {
    await sleep(10 * (6 - n))
    seen.push([task.id, name, dir, await tempDir(), before.get(task.id)])
    if (n === 1) { for (let i = 0; seen.length < 5; i++) { if (i > 200) throw new Error('alone'); await sleep(10) } }
    else await sleep(30)
    for (const path of seen.find(([id]) => id === task.id).slice(2)) expect(has(path)).toBe(true)
    expect(namespace()).toBe(name)
  })
})
test('all had their own, which is gone', () => {
  expect(new Set(seen.flat()).size).toBe(25)
  for (const [, , ...paths] of seen) for (const path of paths) expect(has(path)).toBe(false)
})
`

describe.each(VITEST_HOSTS)('where fixtures are asked for in Vitest $version', (host) => {
  const surrounded = Object.fromEntries(
    Object.entries(SURROUNDINGS).map(([name, text]) => [name.replaceAll(' ', '-'), `${text}\n${EVERYTHING}`]),
  )

  test.each([
    ['forks', ['--pool=forks']],
    ['threads', ['--pool=threads']],
    ['vmForks', ['--pool=vmForks']],
    ['vmThreads', ['--pool=vmThreads']],
    ['one process', oneWorker(host)],
    ['one thread', oneWorker(host, 'threads')],
    ['jsdom', ['--environment=jsdom']],
  ])('whatever tests fake, in %s', async (_, args) => {
    const project = fixturesProject(host, surrounded)
    const { stderr, stdout } = await pass(project, ...args)
    expect(stdout + stderr).toContain(`Tests  ${4 * Object.keys(SURROUNDINGS).length} passed`)
    expect(stderr).not.toMatch(/heddle: (?!\d+ files)/)
    expect(leftBehind(project)).toEqual([])
  })

  test('tests that run at the same time have each their own', async () => {
    const project = fixturesProject(host, { concurrent: CONCURRENT })
    await pass(project)
    expect(leftBehind(project)).toEqual([])
  })

  test('setup files ask for the file that runs', async () => {
    const project = fixturesProject(
      host,
      {
        a: `afterAll(() => { tell(String(has(process.env.DIR))) })\ntest('a', () => { tell('a ' + process.env.DIR) })`,
        b: `test('b', () => { tell('b ' + process.env.DIR) })`,
      },
      { config: `setupFiles: './setup.js'` },
    )
    project.write('setup.js', `import { env, tempDir } from '@heddle/vitest'\nenv({ DIR: await tempDir() })\n`)
    await pass(project, ...oneWorker(host))
    const [a, isThere, b] = told(project).sort((one, other) => Number(one > other))
    expect([a, b, isThere]).toEqual([
      expect.stringMatching(/^a .*\/a\.test-/),
      expect.stringMatching(/^b .*\/b\.test-/),
      'true',
    ])
    expect(leftBehind(project)).toEqual([])
  })

  test('who asks where there is no test, or after it, is told what to do', async () => {
    const project = fixturesProject(host, {
      outside: `
        await expect(tempDir({ scope: 'test' })).rejects.toThrow(/HEDDLE_FIXTURE_OUTSIDE.*\\nFix: ask for it in a test/)
        beforeAll(async () => { await expect(port({ scope: 'test' })).rejects.toThrow(/no test of "test\\/outside\\.test\\.js" is running/) })
        afterAll(async () => { await expect(port({ scope: 'test' })).rejects.toThrow(/HEDDLE_FIXTURE_OUTSIDE/) })
        await expect(tempDir({ scope: 'run' })).rejects.toThrow(/HEDDLE_FIXTURE_INVALID/)
        await expect(tempDir({ scop: 'file' })).rejects.toThrow(/did you mean "scope"/)
        let late
        test('does not wait', () => { late = sleep(50).then(() => tempDir()); late.catch(() => undefined) })
        test('the next', async () => { await expect(late).rejects.toThrow(/Cannot give .*does not wait.*: it has ended/) })`,
    })
    await pass(project)
  })

  test('without heddle in the config, whoever asks is told what to do', async () => {
    const project = fixturesProject(host, { none: `test('x', () => undefined)` })
    project.write('vitest.config.mts', 'export default {}\n')
    const { code, stdout, stderr } = await run(project)
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('HEDDLE_NOT_CONFIGURED: Cannot use test: heddle is not in the Vitest config')
  })

  test('tests that are only listed leave nothing', async () => {
    const project = fixturesProject(host, { a: `await tempDir(); await port()\ntest('a', () => undefined)` })
    const { code, stdout, stderr } = await project.run(['list'], {
      env: { HEDDLE_LOCK_DIR: `${project.dir}/locks`, TMPDIR: `${project.dir}/tmp` },
    })
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toContain('a.test.js > a')
    expect(leftBehind(project).filter((path) => path.includes('/d/'))).toEqual([])
    await pass(project, ...workers(host, 1))
    expect(leftBehind(project)).toEqual([])
  })
})
