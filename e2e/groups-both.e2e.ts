import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { GroupsProject, isThree, type GroupFile } from './lib/groups-project.js'
import { clashesOf, overlapsOf, peakOf, spansOf, type Span } from './lib/groups-spans.js'
import { JEST_HOSTS, VITEST_HOSTS, type Host } from './lib/hosts.js'

/** What groups promise in every host, seen from when files begin and end. */

const HOSTS: readonly Host[] = [...VITEST_HOSTS, ...JEST_HOSTS]

/** Every way to say what a file needs. */
const OPTIONS = `{
  groups: { db: { limit: 2 }, 'third-party-api': {}, files: { limit: Infinity } },
  rules: [
    { files: 'test/x.test.js', group: { name: 'files', mode: 'exclusive' } },
    { files: ['test/s*.test.js', '!test/sx.test.js'], group: 'files' },
    { files: 'test/both.test.js', group: ['db', 'third-party-api'] },
    { files: 'test/db/**', group: 'db' },
    { when: ({ path }) => path.startsWith('test/w'), weight: 3 },
  ],
}`
const API = 'third-party-api'

/** Looks at its slots from the inside. */
const looks = (groups: readonly string[]): string => `
test('knows its slots', async () => {
  await sleep(150)
  expect(String(heddle.slot)).toBe(process.env.HEDDLE_SLOT)
  expect(heddle.runId).toBe(process.env.HEDDLE_RUN_ID)
  expect(heddle.runId).toMatch(/./)
  for (const name of ${JSON.stringify(groups)}) {
    const variable = 'HEDDLE_GROUP_SLOT_' + name.toUpperCase().replaceAll('-', '_')
    expect(String(heddle.groupSlot(name))).toBe(process.env[variable])
  }
  expect(Object.keys(process.env).filter((name) => name.startsWith('HEDDLE_GROUP_SLOT_'))).toHaveLength(${groups.length})
})`

const FILES: Readonly<Record<string, GroupFile>> = {
  'db/1': { body: looks(['db']) },
  'db/2': { body: looks(['db']) },
  'db/3': {},
  'line-db': { head: `group('db')` },
  'comment-api': { top: `/** @group ${API} */` },
  'line-api': { head: `group('${API}')`, body: looks([API]) },
  both: { body: looks(['db', API]) },
  s1: { ms: 150 },
  s2: { ms: 150 },
  x: { ms: 100 },
  w1: { ms: 100 },
  w2: { ms: 100 },
  f1: { body: looks([]) },
  f2: {},
}
const IN: Readonly<Record<string, (file: string) => boolean>> = {
  DB: (file) => file.startsWith('db/') || file === 'line-db' || file === 'both',
  THIRD_PARTY_API: (file) => file.endsWith('-api') || file === 'both',
}
const weightOf = ({ file }: Span): number => (file.startsWith('w') ? 3 : 1)

/** Ways to run one suite that differ in how workers are used. */
const MODES = HOSTS.flatMap((host) => modesOf(host).map(([mode, args]) => ({ host, mode, args, ...host })))

function modesOf(host: Host): (readonly [string, readonly string[]])[] {
  if (host.name === 'jest') return [['processes', []]]
  const noIsolate = isThree(host) ? ['--poolOptions.forks.isolate=false'] : ['--no-isolate']
  return [
    ['forks', ['--pool=forks']],
    ['forks without isolation', ['--pool=forks', ...noIsolate]],
    ['threads', ['--pool=threads']],
  ]
}

test.each(MODES)('no limit is exceeded and no slot is shared: $name $version, $mode', async ({ host, args }) => {
  const project = new GroupsProject(host, { options: OPTIONS, files: FILES })
  await project.pass(4, args)
  const spans = spansOf(project.events())
  const among = (...files: string[]): Span[] => spans.filter(({ file }) => files.includes(file))
  expect(spans.map(({ file }) => file).sort()).toEqual(Object.keys(FILES).sort())
  expect(spans.filter(({ to }) => to === Infinity)).toEqual([])

  for (const [name, limit] of Object.entries({ DB: 2, THIRD_PARTY_API: 1 })) {
    const members = spans.filter(({ file }) => IN[name]?.(file))
    expect(peakOf(members), name).toBeLessThanOrEqual(limit)
    expect(
      clashesOf(members, ({ begin }) => begin.groupSlots[name]),
      name,
    ).toEqual([])
    for (const { file, begin } of members) {
      expect([1, limit], `${file} in ${name}`).toContain(begin.groupSlots[name])
    }
  }
  expect(overlapsOf(among('x'), among('s1', 's2'))).toEqual([])
  expect(peakOf(spans, weightOf)).toBeLessThanOrEqual(4)
  expect(clashesOf(spans, ({ begin }) => begin.slot)).toEqual([])
  expect(new Set(spans.map(({ begin }) => begin.runId)).size).toBe(1)
  expect(Math.max(...spans.map(({ begin }) => begin.slot))).toBeLessThanOrEqual(4)
})

describe.each(HOSTS)('$name $version', (host) => {
  test('other files run while a group is busy, in a first run and once durations are known', async () => {
    const files = Object.fromEntries([1, 2, 3, 4].flatMap((n) => [`g${n}`, `f${n}`]).map((name) => [name, { ms: 250 }]))
    const options = `{ groups: { g: {} }, rules: [{ files: 'test/g*', group: 'g' }] }`
    const project = new GroupsProject(host, { options, files })
    for (let run = 1; run <= 2; run++) {
      await project.pass(3)
      const spans = spansOf(project.takeEvents())
      const [grouped, free] = ['g', 'f'].map((name) => spans.filter(({ file }) => file.startsWith(name))) as [
        Span[],
        Span[],
      ]
      expect([grouped.length, free.length]).toEqual([4, 4])
      expect(peakOf(grouped)).toBe(1)
      // A barrier would have none.
      expect(overlapsOf(grouped, free)).not.toEqual([])
    }
  })

  test('with one worker files run by priority, then slowest first, and nothing is locked', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const files = Object.fromEntries(names.map((name) => [name, { ms: 10 }]))
    const options = `{
      groups: { g: {}, h: { limit: 2 } },
      rules: [
        { files: 'test/{c,e}.test.js', priority: 100, group: 'g' },
        { files: 'test/a.test.js', priority: -100, weight: 'all' },
        { files: 'test/b.test.js', group: { name: 'h', mode: 'exclusive' } },
      ],
    }`
    const project = new GroupsProject(host, { options, files })
    project.project.writeHistory({
      'test/a.test.js': 900,
      'test/b.test.js': 200,
      'test/c.test.js': 100,
      'test/d.test.js': 300,
      'test/e.test.js': 400,
    })
    const narrow = host.name === 'jest' ? ['-i'] : ['--no-file-parallelism']
    // Jest takes only one of the two.
    for (const [workers, args] of [[1, []] as const, [undefined, narrow] as const]) {
      await project.pass(workers, args)
      expect(
        spansOf(project.takeEvents()).map(({ file }) => file),
        args.join(' '),
      ).toEqual(['e', 'c', 'd', 'b', 'a'])
    }
    expect(existsSync(project.lockDir)).toBe(false)
  })

  test('HEDDLE_ONE_AT_A_TIME runs everything one by one in the planned order', async () => {
    const files = { a: { ms: 20 }, b: { ms: 20 }, c: { ms: 20 }, d: { ms: 20 } }
    const project = new GroupsProject(host, { files })
    const past = { a: 100, b: 400, c: 300, d: 200 }
    project.project.writeHistory(
      Object.fromEntries(Object.entries(past).map(([name, ms]) => [`test/${name}.test.js`, ms])),
    )
    await project.pass(3, [], { HEDDLE_ONE_AT_A_TIME: '1' })
    const spans = spansOf(project.events())
    expect(spans.map(({ file }) => file)).toEqual(['b', 'c', 'd', 'a'])
    expect(peakOf(spans)).toBe(1)
  })
})
