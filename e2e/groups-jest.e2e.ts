import { describe, expect, test } from 'vitest'
import { GroupsProject, type GroupFile } from './lib/groups-project.js'
import { clashesOf, overlapsOf, peakOf, spansOf } from './lib/groups-spans.js'
import { JEST_HOSTS } from './lib/hosts.js'

/** What is special about groups in Jest. */

const ONE_GROUP = `{ groups: { g: {} }, rules: [{ files: '**/g*.test.js', group: 'g' }] }`
const files = (names: readonly string[], file: GroupFile = {}): Record<string, GroupFile> =>
  Object.fromEntries(names.map((name) => [name, file]))

describe.each(JEST_HOSTS)('Jest $version', (host) => {
  test.each([
    ['threads', '{ workerThreads: true }'],
    ['workers that are replaced', `{ workerIdleMemoryLimit: '1MB' }`],
  ])('keeps limits and slots in %s', async (_, config) => {
    const project = new GroupsProject(host, {
      options: ONE_GROUP,
      config,
      files: files(['g1', 'g2', 'g3', 'f1', 'f2'], { ms: 100 }),
    })
    await project.pass(3)
    const spans = spansOf(project.events())
    expect(spans.map(({ file }) => file).sort()).toEqual(['f1', 'f2', 'g1', 'g2', 'g3'])
    expect(peakOf(spans.filter(({ file }) => file.startsWith('g')))).toBe(1)
    expect(clashesOf(spans, ({ begin }) => begin.slot)).toEqual([])
  })

  test('the slot is the number of the worker, also while it tears down', async () => {
    const slow = `
      test('has one number', async () => { await sleep(100); expect(process.env.HEDDLE_SLOT).toBe(process.env.JEST_WORKER_ID) })
      afterAll(() => burn(200))`
    const project = new GroupsProject(host, {
      options: ONE_GROUP,
      files: files(['g1', 'g2', 'f1', 'f2'], { body: slow }),
    })
    await project.pass(2)
    const spans = spansOf(project.events())
    expect(clashesOf(spans, ({ begin }) => begin.slot)).toEqual([])
    expect(overlapsOf(spans, spans).length).toBeGreaterThan(0)
  })

  test('projects share one limit and one set of slots', async () => {
    const project = new GroupsProject(host, {
      options: ONE_GROUP,
      config: `{ projects: ['p', 'q'].map((displayName) => ({ displayName, testMatch: ['<rootDir>/test/' + displayName + '/*'] })) }`,
      files: files(['p/g1', 'p/g2', 'p/f1', 'q/g1', 'q/g2', 'q/f1'], { ms: 150 }),
    })
    await project.pass(3)
    const spans = spansOf(project.events())
    expect(spans).toHaveLength(6)
    expect(peakOf(spans.filter(({ file }) => file.includes('/g')))).toBe(1)
    expect(clashesOf(spans, ({ begin }) => begin.slot)).toEqual([])
  })

  test('a pragma is a tag where rules name it', async () => {
    const project = new GroupsProject(host, {
      options: `{ groups: { db: {} }, rules: [{ tags: 'heavy', group: 'db', weight: 2 }] }`,
      files: { a: { top: '/** @group heavy */' }, b: { top: '/**\n * @group heavy\n */' }, c: {} },
    })
    await project.pass(3)
    const spans = spansOf(project.events())
    expect(peakOf(spans.filter(({ file }) => file !== 'c'))).toBe(1)
    expect(spans.find(({ file }) => file === 'a')?.begin.groupSlots).toEqual({ DB: 1 })
  })

  test('runs one by one, in the planned order, with --detectOpenHandles', async () => {
    const project = new GroupsProject(host, { options: ONE_GROUP, files: files(['f1', 'g1', 'g2'], { ms: 10 }) })
    project.project.writeHistory({ 'test/f1.test.js': 100, 'test/g1.test.js': 300, 'test/g2.test.js': 200 })
    await project.pass(3, ['--detectOpenHandles'])
    expect(spansOf(project.events()).map(({ file }) => file)).toEqual(['g1', 'g2', 'f1'])
  })

  test("steps aside for a user's own runner and says so", async () => {
    const project = new GroupsProject(host, {
      options: ONE_GROUP,
      config: `{ runner: '<rootDir>/own-runner.js' }`,
      files: files(['g1', 'f1'], { ms: 10 }),
    })
    project.project.write('own-runner.js', `module.exports = class extends require('jest-runner').default {}\n`)
    const { stderr } = await project.pass(2)
    expect(stderr).toMatch(/^heddle: .*own-runner\.js/m)
  })

  test('bail leaves files in line that never start', async () => {
    const fails: GroupFile = { body: `test('fails', () => { throw new Error('on purpose') })` }
    const project = new GroupsProject(host, {
      options: `{ groups: { g: {} }, rules: [{ files: 'test/*', group: 'g' }] }`,
      files: { a: fails, b: { ms: 20 }, c: { ms: 20 } },
    })
    project.project.writeHistory({ 'test/a.test.js': 900, 'test/b.test.js': 10, 'test/c.test.js': 10 })
    const { code } = await project.run(3, ['--bail'])
    expect(code).toBe(1)
    expect(spansOf(project.events()).map(({ file }) => file)).toEqual(['a'])
  })

  test('reruns in watch mode keep limits', async () => {
    const project = new GroupsProject(host, { options: ONE_GROUP, files: files(['g1', 'g2', 'f1'], { ms: 150 }) })
    const watching = project.project.watch(['--watchAll', ...project.width(2)])
    await watching.until(/heddle: 3 files/)
    project.takeEvents()
    project.project.write('tell.js', `${project.project.read('tell.js')}\n// changed\n`)
    await watching.until(/heddle: 3 files/)
    const spans = spansOf(project.events())
    expect(spans).toHaveLength(3)
    expect(peakOf(spans.filter(({ file }) => file.startsWith('g')))).toBe(1)
  })
})
