import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { JEST_HOSTS } from './lib/hosts.js'
import { oneWorker, ResourcesProject, workers } from './lib/resources-project.js'
import { CONFIG_TYPES, JEST_TYPES } from './lib/resources-types.js'
import { TSCONFIG } from './lib/serial-jest-types.js'

const SETUP = `module.exports = async () => {
  const { list, tell } = require('./helpers.js')
  tell('setup ' + (process.env.DATA_DIR === undefined ? 'nothing' : list()))
}`

/** In two parts: the host of this file reads it as well. */
const IN_JSDOM = ['/** @jest-environment', 'jsdom */'].join(' ')

describe.each(JEST_HOSTS)('resources in Jest $version', (host) => {
  test('every attempt finds them clean, before its hooks', async () => {
    const project = new ResourcesProject(host, {
      a: `
        let count = 0
        const look = () => { tell('in ' + list()); put('x') }
        jest.retryTimes(2)
        beforeEach(() => { tell('before ' + list()); put('b') })
        afterEach(() => { put('a') })
        test('is tried again', () => { look(); if (count++ < 2) throw new Error('again') })
        test.skip('is skipped', look)
        test.failing('fails as expected', () => { look(); throw new Error('as it should') })
        test.each([1, 2])('is one of several %i', look)
        describe('block', () => { test('with a callback', (done) => { look(); done() }) })`,
    })
    await project.pass()
    const told = project.told()
    expect(told.filter((line) => line.startsWith('before '))).toEqual(Array(7).fill('before seed'))
    expect(told.filter((line) => line.startsWith('in '))).toEqual(Array(7).fill('in b,seed'))
  })

  test.each([
    ['in workers', workers(host, 2)],
    ['in band', oneWorker(host)],
    ['in threads', [...workers(host, 2), '--workerThreads']],
  ])('are there before setupFiles and setupFilesAfterEnv, %s', async (_, args) => {
    const files = {
      a: `tell('top ' + list())\ntest('a', () => { expect(list()).toEqual(['seed']); put('x') })`,
      b: `tell('top ' + list())\ntest('b', () => { expect(list()).toEqual(['seed']); put('x') })`,
      c: `tell('top ' + list())\ntest('c', () => { expect(list()).toEqual(['seed']); put('x') })`,
      counts: `test('d', () => expect(process.env.COUNTER_URL).toMatch(/^http/))`,
    }
    const project = new ResourcesProject(host, files, {
      config: `setupFiles: ['./setup.js'], setupFilesAfterEnv: ['./after-env.js'], globalSetup: './global.js'`,
    })
    project.project.write('setup.js', SETUP)
    project.project.write('after-env.js', `const { list, tell } = require('./helpers.js')\ntell('after env ' + list())`)
    project.project.write(
      'global.js',
      `module.exports = () => { require('./helpers.js').tell('global ' + process.env.DATA_DIR) }`,
    )
    await project.pass(...args)
    const told = project.told()
    expect(told[0]).toBe('global undefined')
    expect(told.filter((line) => line.startsWith('setup '))).toHaveLength(4)
    expect(told.filter((line) => /^setup (?:nothing|undefined)/.test(line))).toEqual([])
    expect(told.filter((line) => line.startsWith('after env '))).toEqual(Array(4).fill('after env seed'))
    expect(told.filter((line) => line.startsWith('top '))).toEqual(Array(3).fill('top seed'))
    expect(project.count('destroy data worker true')).toBe(project.count('create data worker'))
    expect(project.leftOnDisk()).toEqual([])
  })

  test('what one file uses is not there for the next in band', async () => {
    const project = new ResourcesProject(host, {
      // The largest is the first.
      counts: `test('has it', () => expect(process.env.COUNTER_URL).toMatch(/^http/))${' '.repeat(5000)}`,
      last: `test('has it not', () => expect(process.env.COUNTER_URL).toBeUndefined())`,
    })
    await project.pass('--runInBand')
  })

  test('are there in jsdom', async () => {
    const project = new ResourcesProject(host, {
      a: `${IN_JSDOM}\ntest('a', async () => {
        expect(document.body).toBeDefined()
        expect(process.env.DATA_DIR).toBe(resource('data')().dir)
        expect(await resource('data')().list()).toStrictEqual([{ name: 'seed' }])
      })`,
    })
    await project.pass()
  })

  test('wait in nobody’s time-out, and not in the duration of a test', async () => {
    const heddle = `import { defineResource } from '@heddle/db'
      const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
      const slow = defineResource({ kind: 'slow', create: async () => { await sleep(700); return {} }, reset: () => sleep(400) })
      export default { resources: { slow } }`
    const project = new ResourcesProject(
      host,
      { a: `test('a', () => undefined)\ntest('b', () => undefined)` },
      { heddle, config: 'testTimeout: 200' },
    )
    await project.pass('--json', '--outputFile=report.json')
    const { testResults } = JSON.parse(project.project.read('report.json')) as {
      testResults: { assertionResults: { duration: number }[] }[]
    }
    for (const { duration } of testResults[0]?.assertionResults ?? []) expect(duration).toBeLessThan(200)
  })

  test('given inline are refused, with where to put them', async () => {
    const project = new ResourcesProject(host, { a: `test('never', () => undefined)` })
    project.project.write(
      'jest.config.js',
      `const { withHeddle } = require('@heddle/jest')
       const { defineResource } = require('@heddle/db')
       module.exports = withHeddle({}, { resources: { mine: defineResource({ kind: 'mine', create: () => ({}) }) } })`,
    )
    const { code, stdout, stderr } = await project.run()
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(/HEDDLE_OPTIONS_INVALID: .*mine[^]*Fix: .*heddle\.config\.ts/)
  })

  test('are there again when files run again, also in band', async () => {
    const text = `test('a', () => { expect(list()).toEqual(['seed']); put('x') })`
    for (const args of [['--runInBand'], workers(host, 2)]) {
      const project = new ResourcesProject(host, { a: text, b: text })
      const watching = project.watch(...args)
      await watching.until(/2 passed, 2 total/)
      await project.untilTold('destroy data worker true')
      project.write('a', `${text}\ntest('more', () => expect(list()).toEqual(['seed']))`)
      await watching.until(/3 passed, 3 total/)
    }
  })

  test('go from a worker that dies to the next', async () => {
    const project = new ResourcesProject(host, {
      a: `test('dies', () => { put('x'); process.kill(process.pid, 'SIGKILL') })`,
      b: `test('b', () => expect(list()).toEqual(['seed']))`,
      c: `test('c', () => expect(list()).toEqual(['seed']))`,
      d: `test('d', () => expect(list()).toEqual(['seed']))`,
    })
    const { stderr } = await project.run(...workers(host, 2))
    expect(stderr).toMatch(/Tests: +3 passed, 3 total/)
    expect(project.count('destroy data worker true')).toBe(project.count('create data worker'))
  })

  test('have the types that heddle.config gives them', () => {
    const project = new ResourcesProject(host, {})
    project.project.write('test/config.ts', CONFIG_TYPES)
    project.project.write('test/types.ts', JEST_TYPES)
    project.project.write('tsconfig.json', TSCONFIG)
    const tsc = join(dirname(project.project.dir), 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [tsc, '-p', project.project.dir], {
      encoding: 'utf8',
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  })
})
