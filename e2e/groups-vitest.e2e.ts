import { describe, expect, test } from 'vitest'
import { GroupsProject, isThree, type GroupFile } from './lib/groups-project.js'
import { clashesOf, overlapsOf, peakOf, spansOf } from './lib/groups-spans.js'
import { VITEST_HOSTS } from './lib/hosts.js'

/** What is special about groups in Vitest. */

/** In two parts: Vitest reads this file for such comments, too. */
const MODULE_TAG = ['@module', 'tag'].join('-')
const ONE_GROUP = `{ groups: { g: {} }, rules: [{ files: 'test/g*', group: 'g' }] }`
const files = (names: readonly string[], file: GroupFile = {}): Record<string, GroupFile> =>
  Object.fromEntries(names.map((name) => [name, file]))

describe.each(VITEST_HOSTS)('Vitest $version', (host) => {
  test.each([
    ['vmForks', ['--pool=vmForks']],
    ['vmThreads', ['--pool=vmThreads']],
  ])('keeps limits in %s by a gate in the worker, and says so', async (_, args) => {
    const project = new GroupsProject(host, {
      options: ONE_GROUP,
      files: files(['g1', 'g2', 'g3', 'f1', 'f2'], { ms: 100 }),
    })
    const { stderr } = await project.pass(3, args)
    const spans = spansOf(project.events())
    expect(spans).toHaveLength(5)
    expect(peakOf(spans.filter(({ file }) => file.startsWith('g')))).toBe(1)
    // Vitest 3 has nothing but gates.
    if (!isThree(host)) expect(stderr).toMatch(/^heddle: .*vm/m)
  })

  test('projects share one limit', async () => {
    const one = (name: string, pool: string) =>
      `{ extends: true, test: { name: '${name}', pool: '${pool}', include: ['test/${name}/**'] } }`
    const project = new GroupsProject(host, {
      options: `{ groups: { g: {} }, rules: [{ files: 'test/*/g*', group: 'g' }] }`,
      config: `{ projects: [${one('p', 'forks')}, ${one('q', 'threads')}] }`,
      files: files(['p/g1', 'p/g2', 'p/f1', 'q/g1', 'q/g2', 'q/f1'], { ms: 150 }),
    })
    await project.pass(3)
    const spans = spansOf(project.events())
    expect(spans).toHaveLength(6)
    expect(peakOf(spans.filter(({ file }) => file.includes('/g')))).toBe(1)
    expect(clashesOf(spans, ({ begin }) => begin.slot)).toEqual([])
  })

  test('reruns in watch mode keep limits', async () => {
    const project = new GroupsProject(host, { options: ONE_GROUP, files: files(['g1', 'g2', 'f1'], { ms: 150 }) })
    const watching = project.project.watch(['--watch', ...project.width(2)])
    await watching.until(/Waiting for file changes/)
    project.takeEvents()
    project.project.write('tell.js', `${project.project.read('tell.js')}\n// changed\n`)
    await watching.until(/Waiting for file changes/)
    const spans = spansOf(project.events())
    expect(spans).toHaveLength(3)
    expect(peakOf(spans.filter(({ file }) => file.startsWith('g')))).toBe(1)
  })
})

describe.each(VITEST_HOSTS.filter((host) => !isThree(host)))('Vitest $version, whose pool is ours', (host) => {
  test.each(['forks', 'threads'])('a slot of %s is free only when its worker has gone', async (pool) => {
    const named = (name: string): GroupFile => ({ head: `globalThis.NAME = '${name}'`, ms: 20 })
    const names = ['g1', 'g2', 'g3', 'f1', 'f2']
    const project = new GroupsProject(host, {
      options: ONE_GROUP,
      config: `{ environment: './slow.js' }`,
      files: Object.fromEntries(names.map((name) => [name, named(name)])),
    })
    // Torn down when Vitest has long had the results.
    project.project.write(
      'slow.js',
      `import { sleep, tell } from './tell.js'
      const teardown = async ({ NAME }) => { await sleep(250); tell('gone', NAME) }
      export default { name: 'slow', viteEnvironment: 'ssr', setup: () => ({ teardown }) }`,
    )
    await project.pass(2, [`--pool=${pool}`])
    const spans = spansOf(project.events(), 'gone')
    expect(spans.filter(({ to }) => to === Infinity)).toEqual([])
    expect(clashesOf(spans, ({ begin }) => begin.slot)).toEqual([])
    const grouped = spans.filter(({ file }) => file.startsWith('g'))
    expect(overlapsOf(grouped, grouped)).toEqual([])
  })

  test('tags of tests, of files, and rules about them', async () => {
    const tagged = (name: string) => `
      test('tagged', { tags: ['db'] }, body('${name} db', 200))
      test('plain', body('${name} plain', 50))`
    const project = new GroupsProject(host, {
      options: `{ groups: { db: {}, gpu: {} }, rules: [{ tags: 'db', group: 'db' }, { tags: 'gpu', group: 'gpu' }] }`,
      config: `{ tags: [{ name: 'db' }, { name: 'gpu' }] }`,
      files: {
        a: { body: tagged('a') },
        b: { body: tagged('b') },
        whole: { top: `/** ${MODULE_TAG} db */`, ms: 200 },
        g1: { top: `// ${MODULE_TAG} gpu\n`, ms: 200 },
        g2: { top: `/**\n * ${MODULE_TAG} gpu\n */\n`, ms: 200 },
      },
    })
    await project.pass(4)
    const spans = spansOf(project.events())
    const db = spans.filter(({ file }) => file.endsWith(' db') || file === 'whole')
    expect(db).toHaveLength(3)
    expect(overlapsOf(db, db)).toEqual([])
    expect(peakOf(spans.filter(({ file }) => file.startsWith('g')))).toBe(1)
    expect(spans.find(({ file }) => file === 'g2')?.begin.groupSlots).toEqual({ GPU: 1 })
  })

  test.each([['--inspect', ['--inspect=127.0.0.1:0', '--no-file-parallelism'], /^heddle: .*--inspect/m]])(
    'steps aside for %s and says so',
    async (_, args, line) => {
      const project = new GroupsProject(host, { options: ONE_GROUP, files: files(['g1', 'g2'], { ms: 20 }) })
      expect((await project.pass(1, args)).stderr).toMatch(line)
      expect(peakOf(spansOf(project.events()))).toBe(1)
    },
  )

  test('bail leaves files in line that never start', async () => {
    const fails: GroupFile = { body: `test('fails', () => { throw new Error('on purpose') })` }
    const project = new GroupsProject(host, {
      options: `{ groups: { g: {} }, rules: [{ files: 'test/*', group: 'g' }] }`,
      files: { a: fails, b: { ms: 20 }, c: { ms: 20 } },
    })
    project.project.writeHistory({ 'test/a.test.js': 900, 'test/b.test.js': 10, 'test/c.test.js': 10 })
    const { code } = await project.run(3, ['--bail=1'])
    expect(code).toBe(1)
    expect(spansOf(project.events()).map(({ file }) => file)).toEqual(['a'])
  })
})
