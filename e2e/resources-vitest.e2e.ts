import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { VITEST_HOSTS } from './lib/hosts.js'
import { BUILDER_TYPES, CONFIG_TYPES, VITEST_TYPES } from './lib/resources-types.js'
import { oneWorker, ResourcesProject, workers } from './lib/resources-project.js'

/** Finds what it has clean, and spoils it. */
const LOOK = `const look = () => { tell('in ' + list()); put('x') }\n`

/** With Vitest's own test where it is tried again: that of heddle is extended, and Vitest 3 forgets options of such. */
const ATTEMPTS = `${LOOK}
beforeEach(() => { tell('before ' + list()); put('b') })
afterEach(() => { put('a') })
let tries = 0
plain('is tried again', { retry: 2 }, () => { look(); if (tries++ < 2) throw new Error('again') })
plain('is repeated', { repeats: 2 }, look)
test.skip('is skipped', look)
test('skips itself', ({ skip }) => { look(); skip() })
test.fails('fails as expected', () => { look(); throw new Error('as it should') })
describe('block', () => { test('is in a block', look) })
`

/** In two parts: the host of this file reads it as well. */
const IN_JSDOM = ['/** @vitest-environment', 'jsdom */'].join(' ')

describe.each(VITEST_HOSTS)('resources in Vitest $version', (host) => {
  const isThree = host.version.startsWith('3.')

  test('every attempt finds them clean, before its hooks', async () => {
    const project = new ResourcesProject(host, { a: ATTEMPTS })
    await project.pass()
    const told = project.told()
    expect(told.filter((line) => line.startsWith('before '))).toEqual(Array(9).fill('before seed'))
    expect(told.filter((line) => line.startsWith('in '))).toEqual(Array(9).fill('in b,seed'))
  })

  test.each([
    ['processes', ['--pool=forks', ...workers(host, 1)]],
    ['threads', ['--pool=threads', ...workers(host, 1)]],
    ['vm threads', ['--pool=vmThreads', ...workers(host, 1)]],
    ['vm processes', ['--pool=vmForks', ...workers(host, 1)]],
    ['one process for all files', oneWorker(host)],
    ['one thread for all files', oneWorker(host, 'threads')],
  ])('are there before setup files, in %s', async (_, args) => {
    const files = {
      a: `tell('top ' + list())\ntest('a', () => expect(list()).toEqual(['seed']))\ntest('a2', () => put('x'))`,
      b: `tell('top ' + list())\ntest('b', () => expect(list()).toEqual(['seed']))\ntest('b2', () => put('y'))`,
      counts: `test('c', () => expect(process.env.COUNTER_URL).toMatch(/^http/))`,
      last: `test('d', () => expect(process.env.COUNTER_URL).toBeUndefined())`,
    }
    const project = new ResourcesProject(host, files, { config: `setupFiles: ['./setup.js']` })
    project.project.write('setup.js', `import { list, tell } from './helpers.js'\ntell('setup ' + list())\n`)
    await project.pass(...args)
    const told = project.told()
    expect(told.filter((line) => line.startsWith('setup '))).toEqual(Array(4).fill('setup seed'))
    expect(told.filter((line) => line.startsWith('top '))).toEqual(Array(2).fill('top seed'))
    expect(project.count('create data worker')).toBe(1)
    expect(project.count('destroy data worker true')).toBe(1)
    expect(project.leftOnDisk()).toEqual([])
  })

  test('are there in jsdom', async () => {
    const project = new ResourcesProject(host, {
      a: `${IN_JSDOM}\ntest('a', async ({ data }) => {
        expect(document.body).toBeDefined()
        expect(await data.list()).toEqual([{ name: 'seed' }])
        expect(process.env.DATA_DIR).toBe(data.dir)
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
      {
        a: `test('a', () => undefined)\nlet tries = 0\nplain('b', { retry: 1 }, () => { if (tries++ < 1) throw new Error('again') })`,
      },
      { heddle, config: 'testTimeout: 200, hookTimeout: 200' },
    )
    await project.pass('--reporter=json', '--outputFile=report.json')
    const { testResults } = JSON.parse(project.project.read('report.json')) as {
      testResults: { assertionResults: { duration: number }[] }[]
    }
    expect(testResults[0]?.assertionResults[0]?.duration).toBeLessThan(200)
  })

  test('are not made where tests are only listed', async () => {
    const project = new ResourcesProject(host, {
      a: `tell('top ' + process.env.DATA_DIR)\ntest('listed', () => undefined)`,
    })
    const { code, stdout } = await project.project.run(['list'], { env: project.env })
    expect(code).toBe(0)
    expect(stdout).toContain('listed')
    // Vitest 5 reads files without running them.
    expect(project.told().filter((line) => line !== 'top undefined')).toEqual([])
  })

  test('a guard of the environment sees what tests change, and not what resources do', async () => {
    const project = new ResourcesProject(host, {
      counts: `resource('data', { perTest: 'clone' })
          test('is fine', () => undefined)
          let tries = 0
          plain('is fine, too', { retry: 1 }, () => { if (tries++ < 1) throw new Error('again') })
          test('changes it', () => { process.env.DATA_DIR = '/elsewhere' })`,
    })
    project.project.write(
      'heddle.config.mjs',
      project.project.read('heddle.config.mjs').replace('resources: {', `envGuard: 'fail', resources: {`),
    )
    const { stdout, stderr } = await project.run()
    expect(stdout).toMatch(/Tests +1 failed \| 2 passed/)
    expect(stderr).toMatch(/changed DATA_DIR/)
  })

  test('are there again when files run again', async () => {
    const text = `test('a', () => { expect(list()).toEqual(['seed']); put('x') })`
    const project = new ResourcesProject(host, { a: text })
    const watching = project.watch()
    await watching.until(/Waiting for file changes/)
    expect(project.takeTold()).toEqual(['create data worker', 'destroy data worker true'])
    project.write('a', `${text}\ntest('b', () => expect(list()).toEqual(['seed']))`)
    await watching.until(/2 passed[^]*Waiting for file changes/)
    expect(project.takeTold()).toEqual(['create data worker', 'destroy data worker true'])
  })

  // A worker that dies ends the whole run of Vitest 3.
  test.runIf(!isThree)('go from a worker that dies to the next', async () => {
    const project = new ResourcesProject(host, {
      a: `test('dies', () => { put('x'); process.kill(process.pid, 'SIGKILL') })`,
      b: `test('b', () => expect(list()).toEqual(['seed']))`,
      c: `test('c', () => expect(list()).toEqual(['seed']))`,
    })
    const { stdout } = await project.run(...workers(host, 1), '--pool=forks')
    expect(stdout).toMatch(/Tests +2 passed/)
    expect(project.count('destroy data worker true')).toBe(project.count('create data worker'))
  })

  test('have the types that heddle.config gives them', () => {
    const project = new ResourcesProject(host, {})
    project.project.write('heddle.config.ts', CONFIG_TYPES)
    project.project.write('types.ts', isThree ? VITEST_TYPES : VITEST_TYPES + BUILDER_TYPES)
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: 'es2023',
      module: 'nodenext',
      moduleResolution: 'nodenext',
      skipLibCheck: true,
      types: [],
    }
    project.project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['types.ts', 'heddle.config.ts'] }))
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
    execFileSync(process.execPath, [tsc, '-p', project.project.dir], {
      encoding: 'utf8',
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  })
})
