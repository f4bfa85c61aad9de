import { describe, expect, test } from 'vitest'
import { JEST_HOSTS, VITEST_HOSTS } from './lib/hosts.js'
import { ResourcesProject, workers } from './lib/resources-project.js'

/** Fails unless everything is clean, and leaves something. */
const SPOILS = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `test('spoils ${i}', async () => {
      expect(list()).toEqual(['seed'])
      put('of-${i}')
      tell('in ' + process.env.DATA_DIR)
    })\n`,
  ).join('')

describe.each([...VITEST_HOSTS, ...JEST_HOSTS])('resources in $name $version', (host) => {
  const isVitest = host.name === 'vitest'

  test('every test of every file finds clean what its worker has, and no other worker has it', async () => {
    const files = Array.from({ length: 6 }, (_, i) => [
      `file-${i}`,
      `tell('top ' + process.env.DATA_DIR)\n${SPOILS(3)}`,
    ])
    const project = new ResourcesProject(host, Object.fromEntries(files) as Record<string, string>)
    const { stderr } = await project.pass(...workers(host, 2))
    const told = project.told()
    const dirs = new Set(told.flatMap((line) => /^(?:top|in) (.*)/.exec(line)?.[1] ?? []))
    expect(told.filter((line) => line.startsWith('in '))).toHaveLength(18)
    expect([...dirs].every((dir) => dir.endsWith('data'))).toBe(true)
    expect([1, 2]).toContain(dirs.size)
    expect(project.count('create data worker')).toBe(dirs.size)
    expect(project.count('destroy data worker true')).toBe(dirs.size)
    expect(told.filter((line) => line.includes('counter'))).toEqual([])
    expect(stderr).not.toContain('heddle: ')
    expect(project.leftOnDisk()).toEqual([])
  })

  test('hooks of a test find what it finds, and a test that fails or is late spoils nothing', async () => {
    const project = new ResourcesProject(host, {
      hooks: `
        beforeEach(() => { tell('before ' + list()); put('beforeEach') })
        afterEach(() => { put('afterEach') })
        const look = () => tell('in ' + list())
        test('passes', look)
        test('fails', () => { look(); throw new Error('as it should') })
        test('is late', async () => { look(); await sleep(600); }, 100)
        test('waits', async () => { look(); await sleep(700) })
        test('ends', look)`,
    })
    const { stdout, stderr } = await project.run()
    expect(stdout + stderr).toMatch(/Tests: +2 failed, 3 passed|Tests +2 failed \| 3 passed/)
    const told = project.told()
    expect(told.filter((line) => line.startsWith('before '))).toEqual(Array(5).fill('before seed'))
    expect(told.filter((line) => line.startsWith('in '))).toEqual(Array(5).fill('in beforeEach,seed'))
    // What the resource keeps of a failed test is told beside the failure.
    expect(stdout + stderr).toMatch(/as it should\s+Kept: a copy of \/.*data/)
  })

  test('with clones, tests may run at once, and each has its own', async () => {
    const one = (i: number): string => `test.concurrent('at once ${i}', async () => {
      const { url } = counter()
      const read = async () => (await fetch(url)).text()
      expect(await read()).toBe('1')
      tell('both ' + url)
      await sleep(300)
      expect(await read()).toBe('2')
    })\n`
    const project = new ResourcesProject(host, {
      counts: `const counter = resource('counter')\nresource('data', { perTest: 'none' })\n${[0, 1, 2, 3].map(one).join('')}`,
    })
    await project.pass()
    const told = project.told()
    expect(new Set(told.filter((line) => line.startsWith('both '))).size).toBe(4)
    expect(told.filter((line) => line === 'start counter')).toHaveLength(1)
    expect(project.count('destroy counter')).toBe(project.count('create counter'))
    expect(told.at(-1)).toMatch(/^stop counter 0$|^destroy data/)
    expect(told).toContain('stop counter 0')
  })

  test('the variables of a clone are those of the test', async () => {
    const project = new ResourcesProject(host, {
      counts: `
        resource('data', { perTest: 'clone' })
        const before = process.env.COUNTER_URL
        const look = async () => {
          const { COUNTER_URL: url, DATA_DIR: dir } = process.env
          expect(resource('counter')().url).toBe(url)
          expect(await (await fetch(url)).text()).toBe('1')
          expect(list()).toEqual(['seed'])
          tell('clone ' + url + ' ' + dir)
        }
        test('one', look)
        test('two', look)
        test('three', look)
        afterAll(() => expect(process.env.COUNTER_URL).toBe(before))`,
    })
    await project.pass()
    expect(new Set(project.told().filter((line) => line.startsWith('clone '))).size).toBe(3)
    expect(project.count('destroy data test true')).toBe(project.count('create data test'))
  })

  test('a file may have it cleaned for itself as a whole, or never', async () => {
    const keeps = (perTest: string): string => `
      resource('data', { perTest: '${perTest}' })
      test('puts', () => put('${perTest}'))
      test('finds', () => expect(list()).toContain('${perTest}'))`
    const project = new ResourcesProject(host, { a: keeps('file'), b: keeps('none') })
    await project.pass(...workers(host, 1))
  })

  test('what cannot be made fails exactly the files that use it', async () => {
    const project = new ResourcesProject(host, {
      'needs-broken': `test('never runs', () => tell('ran'))`,
      'needs-broken-too': `test('never runs', () => tell('ran'))`,
      fine: SPOILS(2),
    })
    const { code, stdout, stderr } = await project.run(...workers(host, 2))
    const output = stdout + stderr
    expect(code).toBe(1)
    expect(output).toMatch(/HEDDLE_RESOURCE_FAILED: Cannot .*"broken".*: it cannot be made\s+Fix: /)
    expect(output).toMatch(/Test Suites: +2 failed, 1 passed|Test Files +2 failed \| 1 passed/)
    expect(project.told()).not.toContain('ran')
    expect(project.count('destroy data worker true')).toBe(project.count('create data worker'))
  })

  test('what a test leaves open fails that test', async () => {
    const project = new ResourcesProject(host, {
      a: `
        test('is tidy', () => undefined)
        test('leaves', () => put('open'))
        test('is tidy, too', () => expect(list()).toEqual(['seed']))`,
    })
    const { stdout, stderr } = await project.run()
    expect(stdout + stderr).toMatch(/Tests: +1 failed, 2 passed|Tests +1 failed \| 2 passed/)
    expect(stdout + stderr).toMatch(/HEDDLE_RESOURCE_LEFT_OPEN: .*leaves.*the file "open"/)
  })

  test('people learn that what they made before all tests is gone', async () => {
    const project = new ResourcesProject(host, {
      a: `beforeAll(() => put('of-all'))\ntest('finds nothing', () => expect(list()).toEqual(['seed']))\n${SPOILS(2)}`,
    })
    const { stderr } = await project.pass()
    const lines = stderr.split('\n').filter((line) => line.startsWith('heddle: '))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/a\.test\.js.*of-all.*perTest: 'file'|perTest: 'file'.*of-all/)
  })

  test('what cannot be made clean is made anew', async () => {
    const project = new ResourcesProject(host, {
      a: `
        test('sticks', () => put('stuck'))
        test('has another', () => { expect(list()).toEqual(['seed']); expect(resource('data')().dir).toBe(process.env.DATA_DIR) })
        test('keeps it', () => expect(list()).toEqual(['seed']))`,
    })
    await project.pass()
    expect(project.count('create data worker')).toBe(2)
    expect(project.count('destroy data worker true')).toBe(2)
  })

  test('tests that run at once cannot have it cleaned in place, and learn what to do', async () => {
    const project = new ResourcesProject(host, {
      a: `afterEach(() => tell('after'))\ntest.concurrent('one', () => sleep(300))\ntest.concurrent('two', () => sleep(300))`,
    })
    const { code, stdout, stderr } = await project.run()
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(/HEDDLE_RESOURCE_INVALID.*"data".*two/)
    expect(stdout + stderr).toContain(`resource('data', { perTest: 'clone' })`)
    // Jest runs no hooks for tests that run at once.
    expect(project.count('after')).toBe(isVitest ? 1 : 0)
  })

  test('tests see values, and call the main process', async () => {
    const project = new ResourcesProject(host, {
      a: `
        const data = resource('data')
        test('sees', async () => {
          put('b')
          const { dir, slot, lifetime, at } = data()
          expect({ dir, slot, lifetime, at }).toStrictEqual({ dir: process.env.DATA_DIR, slot: 1, lifetime: 'worker', at: new Date(0) })
          expect(await data().list()).toStrictEqual([{ name: 'b' }, { name: 'seed' }])
          // Jest 29 tells those of another realm apart, Jest 30 does not.
          expect([(await data().list()) instanceof Array, at instanceof Date]).toEqual([true, true])
          await expect(data().fail()).rejects.toThrow('no such row')
          await expect(data().fail()).rejects.toMatchObject({ name: 'TypeError' })
        })`,
    })
    await project.pass()
  })

  test('who asks wrongly learns what is right', async () => {
    const project = new ResourcesProject(host, {
      unknown: `resource('dat')\ntest('never', () => undefined)`,
      mode: `resource('data', { perTest: 'truncate' })\ntest('never', () => undefined)`,
      other: `resource('counter')\ntest('never', () => undefined)`,
    })
    const { code, stdout, stderr } = await project.run()
    const output = stdout + stderr
    expect(code).toBe(1)
    expect(output).toMatch(/HEDDLE_RESOURCE_INVALID: .*"dat"[^]*Fix: .*"data"/)
    expect(output).toMatch(/HEDDLE_RESOURCE_INVALID: .*"?truncate"?/)
    expect(output).toMatch(/HEDDLE_RESOURCE_INVALID: .*"counter"[^]*files/)
  })

  test('a config without resources is told so', async () => {
    const project = new ResourcesProject(
      host,
      { a: `resource('main')\ntest('never', () => undefined)` },
      { heddle: 'export default {}' },
    )
    const { code, stdout, stderr } = await project.run()
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(
      /HEDDLE_RESOURCE_INVALID: Cannot use resource "main"[^]*Fix: add `resources: \{ main: … \}`/,
    )
  })

  test.runIf(isVitest)('is known by name to the tests of heddle', async () => {
    const project = new ResourcesProject(host, {
      a: `test('is given', async ({ data }) => {
          expect(data.dir).toBe(process.env.DATA_DIR)
          expect(await data.list()).toEqual([{ name: 'seed' }])
        })
        test.extend({ more: async ({ data }, use) => use(data.dir + '/more') })('is extended', ({ more }) => {
          expect(more).toBe(process.env.DATA_DIR + '/more')
        })
        plain('of Vitest', () => expect(list()).toEqual(['seed']))`,
    })
    await project.pass()
  })
})
