import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TSCONFIG, TYPES } from './lib/fixtures-jest-types.js'
import { FixturesProject } from './lib/fixtures-jest-project.js'
import { JEST_HOSTS } from './lib/hosts.js'

/** Vitest reads the comment of a test file, also in a string of an e2e test. */
const DOM = 'jsdom'

/** Sets one variable in every place where it can be set, and looks which one counts. */
const SCOPES = `
heddle.env({ A: 'file' })
const dirs = {}
const note = async (name, options) => { dirs[name] = await heddle.tempDir(options) }
beforeAll(async () => {
  expect(process.env.A).toBe('file')
  heddle.env({ A: 'all' })
  await note('all')
})
beforeEach(async () => {
  expect(process.env.A).toBe('all')
  heddle.env({ A: 'each' })
  await note('each')
})
afterEach(async () => {
  expect(process.env.A).toBe(expect.getState().currentTestName)
  heddle.env({ A: 'after' })
  await note('after')
})
afterAll(() => {
  expect(process.env.A).toBe('all')
  for (const name of ['each', 'passes', 'after', 'fails', 'is late', 'is flaky 1']) expect([name, existsSync(dirs[name])]).toEqual([name, false])
  expect(existsSync(dirs.all)).toBe(true)
  tell('after all', dirs)
})
const body = async (name) => {
  expect(process.env.A).toBe('each')
  heddle.env({ A: expect.getState().currentTestName })
  await note(name)
  await note(name + ' of file', { scope: 'file' })
  expect(dirs[name]).toBe(require('node:fs').realpathSync(dirs[name]))
  expect(dirs[name]).not.toBe(dirs.each)
}
test('passes', () => body('passes'))
test('begins anew', () => expect(existsSync(dirs.passes) || existsSync(dirs.after)).toBe(false) ?? heddle.env({ A: 'begins anew' }))
test('fails', async () => {
  await body('fails')
  throw new Error('as expected')
})
test('is late', async () => {
  await body('is late')
  await sleep(300)
  await heddle.port().then(() => tell('late', 'port'), (error) => tell('late', error.code))
}, 100)
test('takes its time', async () => {
  heddle.env({ A: 'takes its time' })
  await sleep(500)
})
test.skip('is skipped', () => body('NEVER'))
test.todo('is to come')
test('takes a callback', (done) => {
  heddle.env({ A: 'takes a callback' })
  void body
  done()
})
let attempts = 0
test('is flaky', async () => {
  attempts++
  const { length } = new Set([dirs.each, ...Object.entries(dirs).filter(([name]) => name.startsWith('is flaky')).map(([, dir]) => dir)])
  await body('is flaky ' + attempts)
  tell('namespace', heddle.namespace('Orders!'))
  expect(attempts).toBe(2)
})
jest.retryTimes(1)
`

describe.each(JEST_HOSTS)('fixtures in Jest $version', (host) => {
  test('are given back at the end of the scope in which they were asked for, whatever became of the test', async () => {
    const project = new FixturesProject(
      host,
      { 'a.test.js': SCOPES },
      `withHeddle({ transform: {} }, { keepTempDirs: 'never' })`,
    )

    const { run, tests } = await project.report()

    const failed = [...tests.values()].filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
    expect(failed, run.stderr).toEqual(['fails', 'is late'])
    const told = project.takeTold()
    expect(told.filter(({ what }) => what === 'late').map(({ value }) => value)).toEqual(
      Array(2).fill('HEDDLE_FIXTURE_OUTSIDE'),
    )
    const names = told.filter(({ what }) => what === 'namespace').map(({ value }) => String(value))
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]{0,39}$/)
    expect(told.filter(({ what }) => what === 'after all')).toHaveLength(1)
    expect(project.leftOnDisk()).toEqual([])
  })

  test('work with faked time and files, in jsdom, with modules loaded anew, and in threads', async () => {
    const use = `
      const before = Date.now()
      const { default: fs } = { default: require('node:fs') }
      const useAll = async () => {
        const fixtures = require('@heddle/jest')
        expect(await fixtures.port()).toBeGreaterThanOrEqual(20000)
        expect(await fixtures.ports(3)).toStrictEqual(expect.arrayContaining([expect.any(Number)]))
        expect(await fixtures.portBlock(2)).toHaveLength(2)
        expect(await fixtures.socketPath()).toMatch(/heddle/)
        expect(await fixtures.isPortFree(await fixtures.port())).toBe(true)
        const dir = await fixtures.tempDir()
        expect(jest.requireActual('node:fs').lstatSync(dir).isDirectory()).toBe(true)
        const server = jest.requireActual('node:http').createServer((_, response) => response.end('ok'))
        expect(await fixtures.listen(server)).toStrictEqual({ host: '127.0.0.1', port: expect.any(Number), url: expect.any(String) })
        expect(await fixtures.shared('one', { create: () => ({ list: [1] }) })).toStrictEqual({ list: [1] })
        fixtures.env({ A: '1' })
        expect(process.env.A).toBe('1')
      }
      const top = heddle.shared('two', { create: () => 2, destroy: () => {} })
      test('twice, one', async () => { await useAll(); expect(await top).toBe(2) })
      test('twice, two', async () => { expect(process.env.A).toBeUndefined(); await useAll(); expect(await top).toBe(2) })
    `
    const project = new FixturesProject(
      host,
      {
        'timers.test.js': `jest.setSystemTime(0)\nbeforeEach(() => jest.useFakeTimers({ now: 7 }))\n${use}`,
        'mocks.test.js': `jest.mock('fs')\njest.mock('net')\njest.mock('node:os')\n${use}`,
        'spies.test.js': `
          const refuse = (module, name, paths) => {
            const actual = module[name]
            jest.spyOn(module, name).mockImplementation((...args) => {
              if (paths.test(String(args[0]))) throw new Error(name + ' is spied on')
              return actual.apply(module, args)
            })
          }
          beforeAll(() => {
            const fs = require('fs')
            for (const name of ['readFileSync', 'writeFileSync', 'mkdirSync', 'openSync', 'existsSync', 'rmSync', 'statSync', 'renameSync'])
              refuse(fs, name, /\\/heddle-\\d+\\/|\\/locks\\//)
            refuse(require('net'), 'createServer', /./)
          })
          afterAll(() => jest.restoreAllMocks())
          ${use}`,
        'dom.test.js': use.replace(
          'const before',
          `test('has a document', () => expect(document.body).toBeDefined())\nconst before`,
        ),
        'reset.test.js': `beforeEach(() => jest.resetModules())\n${use}`,
      },
      `withHeddle({ fakeTimers: { enableGlobally: true }, resetModules: true })`,
    )
    const dom = project.project.read('test/dom.test.js')
    project.project.write('test/dom.test.js', `/** @jest-environment ${DOM} */\n${dom}`)

    await project.pass()
    expect(project.leftOnDisk()).toEqual([])
    await project.pass(['--workerThreads'])
    expect(project.leftOnDisk()).toEqual([])
  })

  test('belong to the concurrent test that asks', async () => {
    const project = new FixturesProject(host, {
      'a.test.js': `
        const dirs = new Map()
        const body = (name, ms) => async () => {
          dirs.set(name, await heddle.tempDir())
          await sleep(ms)
          expect(existsSync(dirs.get(name))).toBe(true)
          expect(dirs.get(name)).not.toBe(await heddle.tempDir())
        }
        test.concurrent('quick', body('quick', 10))
        test.concurrent('slow', body('slow', 400))
        test.concurrent.each([[1], [2]])('row %d', (n) => body('row ' + n, 50)())
        test('comes after them', () => {
          expect([...dirs.keys()].sort()).toEqual(['quick', 'row 1', 'row 2', 'slow'])
          for (const dir of dirs.values()) expect(existsSync(dir)).toBe(false)
        })`,
    })
    await project.pass()
    expect(project.leftOnDisk()).toEqual([])
  })

  test('say what is wrong where they cannot be given', async () => {
    const project = new FixturesProject(
      host,
      {
        'outside.test.js': `
          const asked = heddle.port({ scope: 'test' }).catch((error) => error)
          test('is outside', async () => expect((await asked).message).toMatch(/^HEDDLE_FIXTURE_OUTSIDE: Cannot give port\\(\\) for a test: no test of "test\\/outside.test.js" is running here\\nFix: /))
          beforeAll(async () => expect(heddle.tempDir({ scope: 'test' })).rejects.toMatchObject({ code: 'HEDDLE_FIXTURE_OUTSIDE' }))
          test('is unknown', async () => {
            await expect(heddle.tempDir({ kep: 'always' })).rejects.toThrow(/HEDDLE_FIXTURE_INVALID.*"?kep"?/)
            await expect(heddle.port({ scope: 'run' })).rejects.toThrow(/HEDDLE_FIXTURE_INVALID/)
          })`,
        'setup.js': `const { port } = require('@heddle/jest')\nmodule.exports = async () => { globalThis.asked = await port().catch((error) => error) }`,
        'setup.test.js': `test('is too early', () => expect(asked.message).toMatch(/^HEDDLE_NOT_CONFIGURED: Cannot use port\\(\\): .*setupFiles/))`,
      },
      `withHeddle({ setupFiles: ['./test/setup.js'] })`,
    )
    await project.pass()
    project.configure('{}')
    expect((await project.run(['outside'])).stderr).toContain('HEDDLE_NOT_CONFIGURED')
  })

  test('keep nothing of a file in memory when it is over', async () => {
    const use = `
      heddle.shared('one', { create: () => 1, destroy: () => {} })
      beforeEach(() => heddle.port())
      test('uses all', async () => {
        await heddle.port({ scope: 'worker' })
        await heddle.tempDir({ scope: 'worker' })
        await heddle.tempDir()
        heddle.env({ A: '1' })
        await heddle.listen(createServer())
        await heddle.shared('two', { create: () => 2 })
        heddle.createLogger('db').info('hello')
      })`
    const project = new FixturesProject(host, { 'a.test.js': use, 'b.test.js': use })
    await project.pass(['-i', '--detectLeaks'])
  })

  test('put back what tests change, warn, or fail them, as the options say', async () => {
    const leaves = `test('leaves', () => { process.env.LEFT = '1'; process.env.PATH += ':/x'; process.chdir('..') })
      test('comes next', () => { tell('next', [process.env.LEFT ?? null, process.env.PATH.endsWith(':/x'), process.cwd()]) })`
    const project = new FixturesProject(host, { 'a.test.js': leaves })
    project.project.write('test/b.test.js', `const { tell } = require('./tell.js')\n${leaves}`)
    const dir = project.project.dir
    const told = (): unknown[] => project.takeTold().map(({ value }) => value)

    await project.pass(['a.test'])
    expect(told()).toEqual([[null, false, dir]])
    await project.pass(['b.test'])
    expect(told()).toEqual([['1', true, dirname(dir)]])

    project.configure(`withHeddle({ transform: {} }, { envGuard: 'warn' })`)
    const warned = await project.pass(['b.test'])
    expect(told()).toEqual([[null, false, dir]])
    expect(warned.stderr).toMatch(/heddle: after "test\/b\.test\.js > leaves".*LEFT/)

    project.configure(`withHeddle({ transform: {} }, { envGuard: 'fail' })`)
    const { tests } = await project.report(['b.test'])
    expect(told()).toEqual([[null, false, dir]])
    expect(tests.get('leaves')?.failureMessages.join()).toMatch(
      /^HEDDLE_FIXTURE_INVALID: Cannot pass "leaves": .*LEFT.*PATH.*\nFix: .*\n +at .*test\/b\.test\.js:2:/,
    )
    expect(tests.get('comes next')?.status).toBe('passed')
  })

  test('have the types of heddle, also in TypeScript and in ES modules', async () => {
    const project = new FixturesProject(
      host,
      {
        'types.test.ts': TYPES,
        'esm.test.mjs': `
          import { test, expect } from '@jest/globals'
          import { existsSync } from 'node:fs'
          import { tempDir, port, shared, heddle, workerId } from '@heddle/jest'
          const dir = await tempDir()
          const three = shared('three', { create: () => 3 })
          test('is given', async () => {
            expect(existsSync(dir)).toBe(true)
            expect(await port()).toBeGreaterThan(0)
            expect(await three).toBe(3)
            expect(heddle.workerId).toBe(workerId())
          })`,
      },
      `withHeddle({ transform: { '\\\\.ts$': 'ts-jest' }, testMatch: ['**/*.test.{ts,mjs}'] })`,
    )
    project.project.write('tsconfig.json', TSCONFIG)
    const tsc = join(dirname(project.project.dir), 'node_modules/typescript/bin/tsc')
    const check = (): string =>
      execFileSync(process.execPath, [tsc, '-p', '.'], { cwd: project.project.dir, encoding: 'utf8' })
    expect(check()).toBe('')
    await project.pass(['-i'], { NODE_OPTIONS: '--experimental-vm-modules' })
    expect(project.leftOnDisk()).toEqual([])
  }, 240_000)
})
