import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  fixturesProject,
  leftBehind,
  oneWorker,
  ownEnv,
  pass,
  run,
  told,
  workers,
} from './lib/fixtures-vitest-project.js'
import { VITEST_HOSTS } from './lib/hosts.js'

const LINES = `
console.log('top\\nof the file')
test('says', () => { console.log('one %d\\ntwo', 1); console.error('three'); createLogger('db').info('four\\nfive') })
`

/** A file that knows nothing of heddle, and leaves something. */
const LEAVES = `import { expect, test } from 'vitest'
const home = process.cwd()
test('leaves', () => { process.env.LEFT = 'behind'; delete process.env.HOME; process.chdir('/') })
test('finds', () => { console.log('found ' + process.env.LEFT + ' ' + (process.env.HOME === undefined) + ' ' + (process.cwd() === home)) })
`

describe.each(VITEST_HOSTS)('what people are told of fixtures in Vitest $version', (host) => {
  const one = workers(host, 1)
  const forks = ['--pool=forks', ...one]

  test.each([
    ['the default reporter', ['--reporter=default']],
    ['verbose', ['--reporter=verbose']],
    ['dot', ['--reporter=dot']],
    ['a console of the worker itself', ['--disable-console-intercept']],
    ['vm pools', ['--pool=vmThreads', '--disable-console-intercept']],
  ])('with prefix, every line of the console tells whose it is, with %s', async (_, args) => {
    const project = fixturesProject(host, { a: LINES, b: LINES }, { options: 'prefix: true' })
    const { stdout, stderr } = await pass(project, ...one, ...args)
    const lines = `${stdout}\n${stderr}`
      .split('\n')
      .filter((line) => /\b(?:top|of the file|one|two|three|four|five)\b/.test(line))
    const ofA = lines.filter((line) => line.includes('a.test.js]'))
    expect(ofA.sort()).toEqual(
      ['db: five', 'db: four', 'of the file', 'one 1', 'three', 'top', 'two'].map(
        (text) => `[slot 1 · a.test.js] ${text}`,
      ),
    )
    expect(lines).toHaveLength(14)
  })

  test('without it, only loggers tell', async () => {
    const project = fixturesProject(host, { a: LINES })
    const { stdout } = await pass(project, ...forks)
    expect(stdout).toMatch(/^one 1$/m)
    expect(stdout).toMatch(/^\[slot 1 · a\.test\.js\] db: five$/m)
  })

  test('what a test changes in the environment is taken back in files that name heddle', async () => {
    const project = fixturesProject(host, { a: '' })
    project.write('test/a.test.js', `import '@heddle/vitest'\n${LEAVES}`)
    project.write('test/b.test.js', LEAVES)
    const { stdout, stderr } = await pass(project, ...forks)
    expect(stdout).toMatch(/a\.test\.js > finds\nfound undefined false true/)
    expect(stdout).toMatch(/b\.test\.js > finds\nfound behind true false/)
    expect(stderr).not.toContain('put back')
  })

  test('envGuard warns of it, or fails the test', async () => {
    const project = fixturesProject(
      host,
      { a: '' },
      { options: 'envGuard: process.env.GUARD', config: `unstubEnvs: process.env.GUARD === 'fail'` },
    )
    const stubs = `import { test as one, vi } from 'vitest'\none('stubs', () => { vi.stubEnv('STUB', '1') })\n`
    project.write('test/a.test.js', LEAVES + stubs)
    const warned = await project.run(['run', ...forks], { env: { ...ownEnv(project), GUARD: 'warn' } })
    expect(warned.code).toBe(0)
    expect(warned.stdout).toContain('found undefined false true')
    expect(warned.stderr).toMatch(
      /after "test\/a\.test\.js > leaves" .*added LEFT, removed HOME and moved the working directory/,
    )
    expect(warned.stderr).toMatch(/after "test\/a\.test\.js > stubs" .*added STUB/)
    const failed = await project.run(['run', ...forks], { env: { ...ownEnv(project), GUARD: 'fail' } })
    expect(failed.code).toBe(1)
    expect(failed.stdout + failed.stderr).toMatch(/left the environment changed \(added LEFT, removed HOME and moved/)
    expect(failed.stdout).toMatch(/Tests +1 failed \| 2 passed/)
  })

  test('a directory of a test that failed is kept, with its path beside the failure', async () => {
    const project = fixturesProject(
      host,
      {
        a: `await tempDir({ prefix: 'of-file' })
            test('fails', async () => { write((await tempDir()) + '/trace', ''); throw new Error('as it should') })
            test('passes', () => tempDir({ prefix: 'passes' }))`,
      },
      { options: `keepTempDirs: 'on-failure'` },
    )
    const { code, stdout, stderr } = await run(project)
    expect(code).toBe(1)
    const [, kept = ''] = /as it should\n\nKept: (\/.*)/.exec(stdout + stderr) ?? []
    expect(existsSync(join(kept, 'trace'))).toBe(true)
    const [, ofFile = ''] = /heddle: after test\/a\.test\.js: Kept: (\/.*of-file.*)/.exec(stdout + stderr) ?? []
    expect(existsSync(ofFile)).toBe(true)
    expect(leftBehind(project).join('\n')).not.toContain('passes')
    await run(project, '-t', 'passes')
    expect(existsSync(join(kept, 'trace'))).toBe(true)
  })

  test('what is still in use at the end of a file is told', async () => {
    const project = fixturesProject(host, {
      leaks: `
        const net = process.getBuiltinModule('node:net')
        const fs = process.getBuiltinModule('node:fs')
        const start = (where) => new Promise((resolve) => net.createServer().listen(where, resolve))
        test('forgets a port', async () => { await start(await port()) })
        test('forgets a socket', async () => { await start(await socketPath()) })
        test('forgets a file', async () => { fs.openSync((await tempDir()) + '/open', 'w') })
        test('is tidy', async () => { await listen(server('tidy')) })`,
    })
    const { stderr } = await pass(project)
    expect(stderr).toMatch(/heddle: .*"test\/leaks\.test\.js > forgets a port".*listen/)
    expect(stderr).toMatch(/heddle: "test\/leaks\.test\.js > forgets a socket" has left a server listening/)
    expect(stderr).toMatch(/heddle: "test\/leaks\.test\.js > forgets a file" has left files open/)
    expect(stderr.match(/heddle: "/g)).toHaveLength(3)
    expect(leftBehind(project)).toEqual([])
  })

  test.each([
    ['a process per file', workers(host, 1)],
    ['one process', oneWorker(host)],
  ])('bail ends the run, and everything is given back, in %s', async (_, args) => {
    const holds = `beforeAll(async () => { await listen(server('server')) })\nawait tempDir()\n`
    const project = fixturesProject(
      host,
      {
        a: `${holds}test('fails', async () => { await tempDir(); throw new Error('as it should') })\ntest('b', () => { tell('went on') })`,
        b: `${holds}test('c', () => { tell('went on') })`,
      },
      { options: `keepTempDirs: 'never'` },
    )
    const { code } = await run(project, '--bail=1', ...args)
    expect(code).toBe(1)
    expect(told(project)[0]).toBe('closed server')
    expect(leftBehind(project)).toEqual([])
  })

  test('a file that cannot be imported gives back what it has asked for', async () => {
    const project = fixturesProject(
      host,
      {
        a: `await listen(server('early'))\nawait tempDir()\nthrow new Error('as it should')`,
        b: `test('b', () => undefined)`,
      },
      { options: `keepTempDirs: 'never'` },
    )
    expect((await run(project, ...oneWorker(host))).code).toBe(1)
    expect(told(project)).toEqual(['closed early'])
    expect(leftBehind(project)).toEqual([])
  })
})
