import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FixturesProject, type Told } from './lib/fixtures-jest-project.js'
import { JEST_HOSTS } from './lib/hosts.js'

/** Something shared by all files that the main process creates and destroys, and tells of it. */
const SERVER = `const { tell } = require('./tell.js')
exports.create = ({ key }) => { tell('create', key); return { pid: process.pid } }
exports.destroy = ({ pid }) => tell('destroy', pid)
`

function valuesOf(told: readonly Told[], what: string): unknown[] {
  return told.filter((one) => one.what === what).map(({ value }) => value)
}

describe.each(JEST_HOSTS)('the end of fixtures in Jest $version', (host) => {
  test('comes before Jest exits on --bail, and in band', async () => {
    const project = new FixturesProject(host, {
      'server.js': SERVER,
      'a.test.js': `const server = heddle.shared('server', { create: './test/server.js' })
        test('fails', async () => { await server; await heddle.tempDir({ scope: 'worker' }); throw new Error('no') })`,
      'b.test.js': `const server = heddle.shared('server', { create: './test/server.js' })
        test('goes on', async () => { await server; await heddle.tempDir({ keep: 'never' }); await sleep(20_000) }, 30_000)`,
    })
    for (const args of [['-i'], ['--maxWorkers=2', '--bail'], ['-i', '--bail']]) {
      const run = await project.run([...args, ...(args.includes('--bail') ? [] : ['a.test'])])
      expect(run.code).toBe(1)
      expect(run.stderr).toContain('● fails')
      const told = project.takeTold()
      expect(valuesOf(told, 'create'), run.stderr).toEqual(['server'])
      expect(valuesOf(told, 'destroy'), run.stderr).toHaveLength(1)
    }
  })

  test('comes before Jest dies of Ctrl-C', async () => {
    const project = new FixturesProject(host, {
      'server.js': SERVER,
      'a.test.js': `const server = heddle.shared('server', { create: './test/server.js' })
        test('is interrupted', async () => {
          await server
          await heddle.tempDir()
          process.kill(-process.ppid, 'SIGINT')
          await sleep(20_000)
        }, 30_000)`,
      'b.test.js': `test('goes on', () => sleep(20_000), 30_000)`,
    })
    const run = await project.run()
    expect(run.code).not.toBe(0)
    expect(valuesOf(project.takeTold(), 'destroy'), run.stderr).toHaveLength(1)
  })

  test('is brought by the next run where Jest was killed', async () => {
    const project = new FixturesProject(host, {
      'server.js': SERVER,
      'a.test.js': `const server = heddle.shared('server', { create: './test/server.js' })
        test('kills', async () => {
          tell('server', await server)
          if (!process.env.KILL) return
          tell('dir', await heddle.tempDir())
          await require('node:fs/promises').mkdir(await heddle.tempDir() + '/read-only', { mode: 0o500 })
          tell('port', await heddle.port())
          process.kill(process.ppid, 'SIGKILL')
          await sleep(20_000)
        }, 30_000)`,
      'b.test.js': `test('goes on', () => process.env.KILL ? sleep(20_000) : undefined, 30_000)`,
    })
    await project.run([], { KILL: '1' })
    const killed = project.takeTold()
    const [dir] = valuesOf(killed, 'dir')
    expect(existsSync(String(dir))).toBe(true)

    await project.pass()

    const told = project.takeTold()
    expect(existsSync(String(dir))).toBe(false)
    const created = [...valuesOf(killed, 'server'), ...valuesOf(told, 'server')] as { readonly pid: number }[]
    expect(valuesOf(told, 'destroy')).toHaveLength(2)
    expect(new Set(valuesOf(told, 'destroy'))).toEqual(new Set(created.map(({ pid }) => pid)))
    expect(project.leftOnDisk()).toEqual([])
  })

  test('keeps what a test has failed with, and says where beside the failure', async () => {
    const project = new FixturesProject(host, {
      'a.test.js': `
        const told = (name) => async (dir) => { require('node:fs').writeFileSync(dir + '/log', name); tell(name, dir) }
        beforeAll(() => heddle.tempDir().then(told('file')))
        test('passes', () => heddle.tempDir({ keep: 'on-failure' }).then(told('passes')))
        test('fails', async () => {
          await heddle.tempDir({ keep: 'on-failure' }).then(told('fails'))
          expect(1).toBe(2)
        })
        test('is late', async () => {
          await heddle.tempDir().then(told('late'))
          await sleep(400)
        }, 100)
        test('waits', () => sleep(400))`,
    })
    const { run, tests } = await project.report()
    const told = project.takeTold()
    const [passes, fails, late, file] = ['passes', 'fails', 'late', 'file'].map((what) =>
      String(valuesOf(told, what)[0]),
    )
    expect(existsSync(String(passes))).toBe(false)
    for (const dir of [fails, late, file]) expect(existsSync(`${String(dir)}/log`)).toBe(true)
    expect(tests.get('fails')?.failureMessages.join()).toMatch(
      new RegExp(`Received: .*1.*\\n\\nKept: ${String(fails)}\\n +at .*a.test.js:`),
    )
    expect(tests.get('is late')?.failureMessages.join()).toContain(`Kept: ${String(late)}`)
    expect(run.stderr).toContain(`heddle: after test/a.test.js: Kept: ${String(file)}`)
    await project.run(['-t', 'passes'])
    // Nobody removes it before it is a week old.
    expect(existsSync(`${String(fails)}/log`)).toBe(true)
  })

  test('tells what is still in use', async () => {
    const project = new FixturesProject(host, {
      'a.test.js': `
        test('leaves all open', async () => {
          const port = await heddle.port()
          const socket = await heddle.socketPath()
          tell('port', port)
          await new Promise((resolve) => createServer().listen(port, resolve).unref())
          await new Promise((resolve) => createServer().listen(socket, resolve).unref())
          require('node:fs').openSync(await heddle.tempDir() + '/log', 'w')
        })`,
      'b.test.js': `test('closes all', async () => { const port = await heddle.port(); const server = createServer(); await new Promise((resolve) => server.listen(port, resolve)); await new Promise((resolve) => server.close(resolve)) })`,
    })
    const { stderr } = await project.pass(['-i'])
    const [port] = valuesOf(project.takeTold(), 'port')
    const lines = stderr.split('\n').filter((line) => line.startsWith('heddle: ') && line.includes(' > '))
    expect(lines, stderr).toHaveLength(3)
    for (const line of lines) expect(line).toContain('leaves all open')
    expect(lines.join('\n')).toContain(String(port))
  })

  test('lets every line that tests print begin with slot and file', async () => {
    const project = new FixturesProject(
      host,
      {
        'a.test.js': `test('prints', () => {
          console.log('one\\ntwo')
          console.warn('careful')
          heddle.createLogger('db').info('hello')
        })`,
        'b.test.js': `test('prints', () => console.log('three'))`,
      },
      `withHeddle({ transform: {} }, { prefix: true })`,
    )
    for (const args of [['--maxWorkers=2'], ['-i'], ['-i', '--verbose'], ['--maxWorkers=2', '--verbose']]) {
      const { stdout, stderr } = await project.pass(args)
      const output = stdout + stderr
      for (const text of ['one', 'two', 'careful', 'db: hello'])
        expect(output).toMatch(new RegExp(`^ +\\[slot [12] · a\\.test\\.js\\] ${text}$`, 'm'))
      expect(output).toMatch(/^ +\[slot [12] · b\.test\.js\] three$/m)
      expect(output).not.toMatch(/\].*\[slot/)
      // The line of the test, with its code.
      expect(output).toMatch(/at .*test\/a\.test\.js:6:/)
      expect(output).toMatch(/> 7 \| +console\.warn\('careful'\)/)
    }
  })
})
