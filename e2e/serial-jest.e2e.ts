import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { JEST_HOSTS, VITEST_HOSTS } from './lib/hosts.js'
import { Project } from './lib/project.js'
import { TSCONFIG, TYPES } from './lib/serial-jest-types.js'
import { BODY, expectPassed, overlapsOf, SerialProject } from './lib/serial-jest-project.js'

/** Tests of every kind under one key; `NAME` is the file. */
const EVERY_KIND = `
serial('ledger')('plain', async () => {
  expect(isSerial('ledger')).toBe(true)
  expect(isSerial('smtp')).toBe(false)
  await body('NAME plain')
})
serial(['smtp', 'ledger'])('several keys', () => body('NAME several'))
serial.shared('ledger')('shared', () => body('NAME shared'))
serial('ledger').each([[1], [2]])('row %d', (n) => body('NAME row ' + n))
serial('ledger').each\`
  n
  \${3}
\`('row $n', ({ n }) => body('NAME row ' + n))
serial('ledger')('done', (done) => void body('NAME done').then(() => done()))
serial('ledger')('generator', function* () { yield body('NAME generator') })
serial('ledger').failing('failing', async () => {
  await body('NAME failing')
  throw new Error('as expected')
})
serial('ledger').skip('skipped', () => body('NEVER'))
serial.todo('todo')
serial('alone', () => body('NAME alone'))
serial.describe('ledger', 'block', () => {
  beforeAll(() => body('NAME before all'))
  beforeEach(() => body('NAME before each'))
  test('not serial itself', () => body('NAME in block'))
  serial('ledger')('covered', () => body('NAME covered'))
})
serial.describe('ledger', 'block without a test to run', () => {
  beforeAll(() => body('NEVER'))
  test.skip('skipped', () => body('NEVER'))
})
test('not serial', () => expect(isSerial()).toBe(false))
`

/** Holds the key for three seconds. */
const LONG = `serial('ledger')('is long', () => body('long', 3000))\n`

describe.each(JEST_HOSTS)('serial in Jest $version', (host) => {
  test('keeps tests of one key apart, over files and over two runs at once', async () => {
    const serial = new SerialProject(host, {
      a: EVERY_KIND.replaceAll('NAME', 'a'),
      b: EVERY_KIND.replaceAll('NAME', 'b'),
      file: `serial.file('ledger')\nbeforeAll(() => body('file hook'))\ntest('one', () => body('file'))\n`,
    })
    serial.project.write(
      'test/docblock.test.js',
      `/** @serial ledger */\nconst { body } = require('./body.js')\ntest('one', () => body('docblock'))\n`,
    )

    const runs = await Promise.all([serial.run(), serial.run(['-i', '--detectLeaks'], { RUN: ' of the other run' })])

    runs.forEach(expectPassed)
    const events = serial.project.takeEvents()
    expect(events.filter(({ file }) => file.startsWith('NEVER'))).toEqual([])
    expect(new Set(events.map(({ file }) => file)).size).toBe(2 * (2 * 14 + 3))
    expect(overlapsOf(events).filter((pair) => !/ shared.* \+ .* shared/.test(pair))).toEqual([])
  })

  test('counts no wait, neither for time-outs nor for durations, and names the holder when it takes too long', async () => {
    const serial = new SerialProject(host, {
      a: LONG,
      b: `beforeAll(() => begun('long'), 20_000)
          serial('ledger')('is quick', () => body('quick', 300), 1000)
          serial.describe('ledger', 'block', () => { test('is quick, too', () => body('quick, too', 300), 1000) })`,
      c: `beforeAll(() => begun('long'), 20_000)
          beforeEach(() => body('hook of ' + expect.getState().currentTestName))
          serial({ key: 'ledger', timeoutMs: 200 })('gives up', () => body('NEVER'))
          serial({ key: 'ledger', timeoutMs: 200 }).failing('gives up as well', () => body('NEVER'))
          serial('other')('goes on', () => body('goes on'))`,
      d: `serial.shared('books')('reads', async () => { await body('d reads'); await begun('e reads') })`,
      e: `serial.shared('books')('reads, too', async () => { await body('e reads'); await begun('d reads') })`,
    })

    const { run, tests } = await serial.report(['--maxWorkers=5'])

    const events = serial.project.takeEvents()
    expect(overlapsOf(events.filter(({ file }) => /long|quick/.test(file)))).toEqual([])
    expect(events.map(({ file }) => file)).not.toContain('NEVER')
    expect(events.map(({ file }) => file)).toContain('hook of goes on')
    expect(events.map(({ file }) => file)).not.toContain('hook of gives up')
    const failed = [...tests].filter(([, { status }]) => status === 'failed').map(([name]) => name)
    expect(failed, run.stderr).toEqual(['gives up', 'gives up as well'])
    expect(tests.get('gives up')?.message).toMatch(
      /^HEDDLE_LEASE_TIMEOUT: Cannot acquire "ledger".* within 200 ms: held for \d+ ms by pid \d+ \(test\/a\.test\.js, "is long"\).*\nFix: .*\n +at .*c\.test\.js:\d+/,
    )
    for (const name of ['is quick', 'block is quick, too']) {
      expect(tests.get(name)?.duration).toBeGreaterThanOrEqual(290)
      expect(tests.get(name)?.duration).toBeLessThan(1000)
    }
    const { keys, columns } = serial.project.lastRecord()
    const [durationMs = 0, waitMs = 0] = ['durationMs', 'waitMs'].map(
      (name) => columns[name]?.[keys.indexOf('test/b.test.js')],
    )
    expect(waitMs).toBeGreaterThan(1500)
    expect(durationMs).toBeGreaterThanOrEqual(600)
  })

  test('keeps the key of a test that timed out until it or its worker has ended', async () => {
    const serial = new SerialProject(host, {
      lingers: `serial('ledger')('lingers', () => body('lingers', 1500), 100)
                serial('free')('waits no longer than the end of the file', () => {})`,
      stopped: `serial({ key: 'ledger', onTimeout: 'stop-worker' })('hangs', () => body('hangs', 60_000), 100)
                test('is never run', () => body('NEVER'))`,
      dies: `serial('ledger')('dies', async () => { await body('dies'); process.kill(process.pid, 'SIGKILL') })`,
      next: `beforeAll(() => Promise.all(['lingers', 'hangs', 'dies'].map(begun)), 30_000)
             serial('ledger')('is next', () => body('next'))`,
    })

    const { run, tests } = await serial.report(['--maxWorkers=4'])

    const events = serial.project.takeEvents()
    // The one that hangs never ends: its worker was killed.
    expect(overlapsOf(events.filter(({ file }) => file !== 'hangs'))).toEqual([])
    expect(events.map(({ file }) => file)).not.toContain('NEVER')
    expect(tests.get('is next')?.status).toBe('passed')
    expect(tests.get('lingers')?.message).toContain('Exceeded timeout of 100 ms')
    expect(run.stderr).toMatch(
      /heddle: "lingers" \(test\/lingers\.test\.js\) has timed out but still runs; it holds "ledger"/,
    )
    expect(run.stderr).toContain(`"hangs" has timed out, and its worker was stopped`)
    const { keys, outcomes } = serial.project.lastRecord()
    expect(Object.fromEntries(keys.map((key, i) => [key, outcomes[i]]))).toEqual({
      'test/dies.test.js': 'crashed',
      'test/lingers.test.js': 'failed',
      'test/next.test.js': 'passed',
      'test/stopped.test.js': 'crashed',
    })
  })

  test('works with faked time, retries, an environment of the user and without globals', async () => {
    const serial = new SerialProject(
      host,
      {
        a: `const { jest, test, expect, afterEach } = require('@jest/globals')
            jest.retryTimes(2${host.version.startsWith('29') ? '' : ', { retryImmediately: true }'})
            jest.setSystemTime(0)
            let attempts = 0
            afterEach(() => body('after each'))
            serial('ledger')('is flaky', async () => {
              await body('attempt ' + ++attempts)
              expect(attempts).toBe(3)
            })
            serial('ledger').only.each([[1]])('is focused %d', () => body('focused'))
            serial('ledger')('is left out', () => body('NEVER'))`.replace(
          "serial('ledger')('is flaky'",
          "serial('ledger').only('is flaky'",
        ),
        b: `const { test } = require('@jest/globals')
            test.concurrent('is concurrent', () => body('concurrent'))
            serial.describe('ledger', 'block', () => { test.concurrent('in block', () => body('in block')) })
            serial('ledger')('waits', () => body('waits'))`,
      },
      `withHeddle({
        injectGlobals: false,
        fakeTimers: { enableGlobally: true },
        testEnvironment: './environment.js',
        workerThreads: true,
      })`,
    )
    serial.project.write(
      'environment.js',
      `const { TestEnvironment } = require('jest-environment-node')
       const { appendFileSync } = require('node:fs')
       module.exports = class extends TestEnvironment {
         handleTestEvent(event) { if (event.name === 'test_done') appendFileSync('seen.txt', event.test.name + '\\n') }
       }`,
    )

    const { run, tests } = await serial.report()

    expectPassed(run)
    expect(tests.get('is flaky')?.duration).toBeLessThan(1000)
    const events = serial.project.takeEvents().filter(({ file }) => file !== 'concurrent')
    expect(overlapsOf(events)).toEqual([])
    expect(events.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['attempt 3', 'focused', 'in block', 'waits']),
    )
    expect(events.map(({ file }) => file)).not.toContain('NEVER')
    expect(serial.project.read('seen.txt').match(/is flaky/g)).toHaveLength(3)
    if (host.version.startsWith('29')) return
    const attempts = events.filter(({ kind }) => kind === 'begin').map(({ file }) => file)
    const first = attempts.indexOf('attempt 1')
    // Nobody else got in between.
    expect(attempts.slice(first, first + 6)).toEqual([1, 2, 3].flatMap((n) => [`attempt ${n}`, 'after each']))
  })

  test('gives everything back on SIGINT, when Jest is killed, and on --bail', async () => {
    const serial = new SerialProject(host, {
      a: `serial('ledger')('is interrupted', async () => {
            if (process.env.INTERRUPT === 'group') process.kill(-process.ppid, 'SIGINT')
            if (process.env.INTERRUPT === 'parent') process.kill(process.ppid, 'SIGKILL')
            await body('interrupted', process.env.INTERRUPT ? 60_000 : 10)
          }, 70_000)`,
      b: `beforeAll(() => process.env.BAIL ? undefined : begun('interrupted'), 30_000)
          serial({ key: 'ledger', timeoutMs: 40_000 })('fails', async () => {
            await body('fails')
            throw new Error('no')
          })`,
    })
    for (const INTERRUPT of ['group', 'parent']) {
      expect((await serial.run(['--maxWorkers=2'], { INTERRUPT })).code).not.toBe(0)
      expect(serial.project.takeEvents().map(({ file }) => file)).not.toContain('fails')
    }
    const bailed = await serial.run(['--maxWorkers=2', '--bail', 'b.test'], { BAIL: '1' })
    expect(bailed.stderr).toContain('● fails')
    expect(bailed.stderr).not.toContain('HEDDLE')
    expectPassed(await serial.run(['--maxWorkers=2', '-t', 'is interrupted']))
  })

  test('says what to do where heddle is not in the config, or cannot be', async () => {
    const serial = new SerialProject(host, { a: `serial('ledger')('one', () => {})` }, '{}')
    const missing = await serial.run()
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('HEDDLE_NOT_CONFIGURED: Cannot use serial: heddle is not in the Jest config')
    expect(missing.stderr).toContain('Fix: module.exports = withHeddle({ … })')

    serial.project.write('own-runner.js', `module.exports = require('jest-circus/runner')`)
    serial.configure(`withHeddle({ testRunner: './own-runner.js' })`)
    expect((await serial.run()).stderr).toContain('this project has a testRunner of its own')

    serial.configure(`{ projects: ['<rootDir>/one'], testSequencer: '@heddle/jest/sequencer' }`)
    serial.project.write('one/jest.config.js', 'module.exports = {}')
    serial.project.write(
      'one/a.test.js',
      `const { serial } = require('@heddle/jest')\nserial('ledger')('one', () => {})`,
    )
    serial.project.write(
      'one/file.test.js',
      `const { serial } = require('@heddle/jest')\nconst key = 'ledger'\nserial.file(key)\ntest('one', () => {})`,
    )
    const late = await serial.run()
    expect(late.stderr).toContain(
      'HEDDLE_SERIAL_INVALID: Cannot use serial: serial.file of one/file.test.js asks for "ledger"',
    )
    expect(late.stderr).toContain('1 failed, 1 passed, 2 total')
  })

  test('has the types of the installed Jest, also in TypeScript and in ES modules', async () => {
    const serial = new SerialProject(
      host,
      {},
      `withHeddle({ transform: { '\\\\.ts$': 'ts-jest' }, testMatch: ['**/*.test.{ts,mjs}'] })`,
    )
    serial.project.write('tsconfig.json', TSCONFIG)
    serial.project.write('test/types.test.ts', TYPES)
    serial.project.write(
      'test/esm.test.mjs',
      `import { test } from '@jest/globals'
       import { isSerial, serial } from '@heddle/jest'
       serial('ledger')('is serial', () => { if (!isSerial('ledger')) throw new Error('is not') })
       test('is not', () => { if (isSerial()) throw new Error('is') })`,
    )
    const tsc = join(dirname(serial.project.dir), 'node_modules/typescript/bin/tsc')
    const check = (): string =>
      execFileSync(process.execPath, [tsc, '-p', '.'], { cwd: serial.project.dir, encoding: 'utf8' })
    expect(check()).toBe('')
    expectPassed(await serial.run(['-i'], { NODE_OPTIONS: '--experimental-vm-modules' }))
  })
})

describe('serial in Jest and Vitest at once', () => {
  const [jest, vitest] = [JEST_HOSTS.at(-1), VITEST_HOSTS.at(1)]

  test('keeps tests of one key apart in two worktrees of one repository', async () => {
    if (jest === undefined || vitest === undefined) throw new Error('There are not enough hosts')
    const serial = new SerialProject(jest, {
      a: `beforeAll(() => body('jest').then(() => begun('vitest')), 60_000)
          serial('ledger').each([[1], [2], [3], [4]])('books %d', (n) => body('jest ' + n))`,
    })
    const other = Project.create('vitest', vitest)
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) other.remove(`test/${name}.test.js`)
    serial.project.write('.git/worktrees/other/commondir', '../..')
    rmSync(join(other.dir, '.git'), { recursive: true })
    other.write('.git', `gitdir: ${join(serial.project.dir, '.git/worktrees/other')}`)
    other.write('test/body.cjs', BODY)
    other.write(
      'test/a.test.js',
      `import { createRequire } from 'node:module'
       import { beforeAll } from 'vitest'
       import { serial } from '@heddle/vitest'
       const { body, begun } = createRequire(import.meta.url)('./body.cjs')
       beforeAll(() => body('vitest').then(() => begun('jest')), 60_000)
       serial('ledger').each([[1], [2], [3], [4]])('books %d', (n) => body('vitest ' + n))`,
    )

    const runs = await Promise.all([serial.run(), other.run(['run'], { env: serial.env })])

    runs.forEach(expectPassed)
    const events = serial.project.takeEvents().filter(({ file }) => / \d$/.test(file))
    expect(events).toHaveLength(16)
    expect(overlapsOf(events)).toEqual([])
  })
})
