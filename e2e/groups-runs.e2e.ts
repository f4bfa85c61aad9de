import { describe, expect, test, vi } from 'vitest'
import { GroupsProject, isThree } from './lib/groups-project.js'
import { clashesOf, overlapsOf, peakOf, spansOf } from './lib/groups-spans.js'
import { JEST_HOSTS, VITEST_HOSTS, type Host } from './lib/hosts.js'

/** Groups over several runs, and of single tests, which are taken where the test runs. */

const HOSTS: readonly Host[] = [...VITEST_HOSTS, ...JEST_HOSTS]

describe.each(HOSTS)('$name $version', (host) => {
  test('a group of the machine has its limit over all runs, and keeps no worker from other files', async () => {
    const options = `{
      groups: { sandbox: { scope: 'machine' }, mail: { limit: 2, scope: 'workspace' }, own: {} },
      rules: [
        { files: 'test/m*', group: 'sandbox' },
        { files: 'test/w*', group: ['mail', 'own'] },
      ],
    }`
    const names = ['m1', 'm2', 'w1', 'w2', 'f1', 'f2']
    const project = new GroupsProject(host, { options, files: Object.fromEntries(names.map((name) => [name, {}])) })
    await Promise.all([project.pass(3, [], { RUN: 'one' }), project.pass(3, [], { RUN: 'two' })])
    const spans = spansOf(project.events())
    const of = (letter: string) => spans.filter(({ file }) => file.startsWith(letter))
    expect(spans).toHaveLength(2 * names.length)
    expect(overlapsOf(of('m'), of('m'))).toEqual([])
    expect(peakOf(of('w'))).toBeLessThanOrEqual(2)
    expect(clashesOf(of('w'), ({ begin }) => begin.groupSlots['MAIL'])).toEqual([])
    expect(of('w').every(({ begin }) => [1, 2].includes(begin.groupSlots['MAIL'] ?? 0))).toBe(true)
    for (const run of ['one', 'two']) expect(peakOf(of('w').filter(({ begin }) => begin.run === run))).toBe(1)
    expect(overlapsOf(of('m'), of('f')).length + overlapsOf(of('w'), of('f')).length).toBeGreaterThan(0)
  })

  test('single tests of a group take turns over files and runs, outside of time-out and duration', async () => {
    const options = `{
      groups: { stripe: { scope: 'machine' }, db: {} },
      rules: [{ tests: /@stripe/, group: 'stripe' }, { files: 'test/covered*', group: ['stripe', 'db'] }],
    }`
    const stripe = (name: string) => `
      describe('pays @stripe', () => {
        test('once', body('${name} once', 300), 1000)
        test('twice', async () => { await body('${name} twice', 300)() }, 1000)
      })
      test('free', body('${name} free', 50))`
    const project = new GroupsProject(host, {
      options,
      files: {
        a: { body: stripe('a') },
        b: { body: stripe('b') },
        c: { body: stripe('c') },
        covered: { body: stripe('covered') },
      },
    })
    await Promise.all(['one', 'two'].map(async (run) => project.pass(3, jsonReport(host, `${run}.json`), { RUN: run })))
    const spans = spansOf(project.events())
    const paying = spans.filter(({ file }) => /once|twice/.test(file))
    expect(paying).toHaveLength(16)
    expect(overlapsOf(paying, paying)).toEqual([])
    // Each of them would have timed out after 1000 ms if its wait counted.
    const waits = project.project.storedRuns().flatMap(({ columns }) => columns['waitMs'] ?? [])
    expect(Math.max(...waits)).toBeGreaterThan(500)
    const durations = ['one', 'two'].flatMap((run) => reportedDurations(project.project.read(`${run}.json`)))
    expect(durations).toHaveLength(24)
    for (const ms of durations) expect(ms).toBeLessThan(1000)
  })

  test('a file that dies gives back what it had', async () => {
    const options = `{ groups: { g: { scope: 'machine' } }, rules: [{ files: ['test/*', '!**/free*'], group: 'g' }] }`
    const dies = `test('dies', async () => { tell('end', 'dies'); process.kill(process.pid, 'SIGKILL'); await sleep(5000) })`
    const files = { dies: { body: dies }, next: { ms: 50 }, free: { ms: 50 } }
    const project = new GroupsProject(host, { options, files })
    // Long enough for workers: what runs in band takes the host with it.
    project.project.writeHistory({ 'test/dies.test.js': 9000, 'test/next.test.js': 5000, 'test/free.test.js': 8000 })
    const { code } = await project.run(2)
    expect(code).not.toBe(0)
    // Vitest 3 gives up the whole run when a worker is gone.
    const grouped = spansOf(project.events()).filter(({ file }) => file !== 'free')
    if (!isThree(host)) expect(grouped.map(({ file }) => file)).toEqual(['dies', 'next'])
    project.takeEvents()

    project.add('dies', { ms: 50 })
    await project.pass(2)
    const again = spansOf(project.events()).filter(({ file }) => file !== 'free')
    expect(again).toHaveLength(2)
    expect(overlapsOf(again, again)).toEqual([])
  })

  // In Vitest 3 the worker itself holds the group, for as long as it lives.
  test.skipIf(isThree(host))('a file does not outlive the host that held its group', async () => {
    const options = `{ groups: { g: { scope: 'machine' } }, rules: [{ files: 'test/orphan*', group: 'g' }] }`
    const orphan = `test('goes on', async () => { process.kill(process.ppid, 'SIGKILL'); await sleep(5000); tell('end', 'orphan') }, 9000)`
    const project = new GroupsProject(host, { options, files: { orphan: { body: orphan }, other: { ms: 3000 } } })
    project.project.writeHistory({ 'test/orphan.test.js': 9000, 'test/other.test.js': 8000 })
    const { code } = await project.run(2)
    expect(code).not.toBe(0)
    const begin = project.events().find(({ file }) => file === 'orphan')
    await vi.waitFor(() => expect(() => process.kill(begin?.pid ?? 0, 0)).toThrow('ESRCH'), 15_000)
    expect(project.events().filter(({ kind, file }) => kind === 'end' && file === 'orphan')).toEqual([])
  })

  test('a test that wants a group in front of what its file holds is refused before it runs', async () => {
    const options = `{
      groups: { alpha: {}, beta: {} },
      rules: [{ files: 'test/holds*', group: 'beta' }, { tests: /@alpha/, group: 'alpha' }],
    }`
    const project = new GroupsProject(host, {
      options,
      files: { holds: { body: `test('wants @alpha', body('refused'))\ntest('plain', body('plain'))` }, other: {} },
    })
    const { code, stdout, stderr } = await project.run(2)
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('HEDDLE_GROUP_ORDER')
    expect(stdout + stderr).toContain("Fix: let the file take it as well, before it runs: write group('alpha')")
    expect(spansOf(project.events()).map(({ file }) => file)).toContain('plain')
    expect(spansOf(project.events()).map(({ file }) => file)).not.toContain('refused')
  })
})

function jsonReport({ name }: Host, file: string): string[] {
  return name === 'jest'
    ? ['--json', `--outputFile=${file}`]
    : ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
}

/** Both hosts write the same format. */
function reportedDurations(text: string): number[] {
  const { testResults } = JSON.parse(text) as {
    readonly testResults: readonly { readonly assertionResults: readonly { readonly duration: number }[] }[]
  }
  return testResults.flatMap(({ assertionResults }) => assertionResults.map(({ duration }) => duration))
}
