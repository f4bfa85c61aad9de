import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { dirWith } from '../../fixtures/directories.js'
import { jobKey } from '../workspace/job-key.js'
import { NO_DEMAND } from './demand.js'
import { planGroups, type GroupPlan, type GroupPlanInput } from './group-plan.js'
import type { GroupOptions, Rule } from './rule.js'

interface Suite {
  readonly groups?: Readonly<Record<string, GroupOptions>>
  readonly rules?: readonly Rule[]
  /** The text of each file; those of `keys` that are not here do not exist. */
  readonly files?: Readonly<Record<string, string>>
  /** @default all of `files` */
  readonly keys?: readonly string[]
  readonly known?: readonly string[]
  readonly dir?: string
}

function planOf(
  { groups = {}, rules = [], files = {}, keys = Object.keys(files), known = [], dir = '' }: Suite,
  more: Partial<GroupPlanInput> = {},
): GroupPlan {
  return planGroups({
    workspace: dirWith(files),
    rootDir: dir,
    groups: Object.fromEntries(
      Object.entries(groups).map(([name, group]) => [name, { limit: 1, scope: 'run', dir, ...group }]),
    ),
    rules: rules.map((rule, i) => ({ ...rule, dir, place: `rules[${i}]` })),
    keys,
    knownKeys: () => known,
    platform: 'linux',
    ...more,
  })
}

const IMPORT = `import { group } from '@heddle/vitest'\n`
const shared = (group: string) => ({ group, mode: 'shared' })
const exclusive = (group: string) => ({ group, mode: 'exclusive' })

test('without groups and rules nothing is asked for and nothing is read', () => {
  const plan = planOf({ keys: ['a.test.ts'] }, { workspace: '/does/not/exist' })
  expect(plan.demandOf('a.test.ts')).toBe(NO_DEMAND)
  expect(plan).toMatchObject({ warnings: [], testRules: { rules: [] }, leased: new Set() })
})

test('the first rule with a setting decides it, and each setting for itself', () => {
  const plan = planOf({
    groups: { db: {}, smtp: {} },
    rules: [
      { files: 'db/slow/**', weight: 2 },
      { files: 'db/**', group: 'db', weight: 'all' },
      { files: '**', group: 'smtp', priority: 5 },
    ],
    files: { 'db/slow/a.test.ts': '', 'db/b.test.ts': '', 'c.test.ts': '' },
  })
  expect(plan.demandOf('db/slow/a.test.ts')).toEqual({ groups: [shared('db')], weight: 2, priority: 5 })
  expect(plan.demandOf('db/b.test.ts')).toEqual({ groups: [exclusive('db')], weight: 1, priority: 5 })
  expect(plan.demandOf('c.test.ts')).toEqual({ groups: [shared('smtp')], weight: 1, priority: 5 })
  expect(plan.reasonsOf('db/slow/a.test.ts')).toEqual([
    { setting: 'group', group: 'db', because: 'rules[1] (files "db/**")' },
    { setting: 'weight', because: 'rules[0] (files "db/slow/**")' },
    { setting: 'priority', because: 'rules[2] (files "**")' },
  ])
})

test('a file that weighs all is alone in its groups; without a group, in the run', () => {
  const plan = planOf({
    groups: { db: { limit: 3 } },
    rules: [
      { files: 'db.test.ts', group: 'db' },
      { files: '**', weight: 'all' },
    ],
    files: { 'db.test.ts': '', 'says.test.ts': `${IMPORT}group('db')`, 'free.test.ts': '' },
  })
  expect(plan.demandOf('db.test.ts')).toEqual({ groups: [exclusive('db')], weight: 1, priority: 0 })
  expect(plan.demandOf('says.test.ts')).toEqual({ groups: [exclusive('db')], weight: 1, priority: 0 })
  expect(plan.demandOf('free.test.ts')).toEqual({ groups: [], weight: 'all', priority: 0 })
})

test('an empty list of groups ends the search', () => {
  const plan = planOf({
    groups: { db: {} },
    rules: [
      { files: 'db/offline/**', group: [] },
      { files: 'db/**', group: 'db' },
    ],
    files: { 'db/offline/a.test.ts': '', 'db/b.test.ts': '' },
  })
  expect(plan.demandOf('db/offline/a.test.ts')).toEqual(NO_DEMAND)
  expect(plan.demandOf('db/b.test.ts').groups).toEqual([shared('db')])
})

test('what a file says is added to what rules say, in the one order, once each', () => {
  const plan = planOf({
    groups: { z: {}, m: { scope: 'machine' }, a: { scope: 'workspace' }, b: {} },
    rules: [{ files: '**', group: ['m', 'z', { name: 'b', mode: 'exclusive' }] }],
    files: { 'a.test.ts': `// @group-exclusive a\n${IMPORT}group('b', 'z')\ngroup.exclusive('m')\n` },
  })
  expect(plan.demandOf('a.test.ts').groups).toEqual([exclusive('b'), shared('z'), exclusive('a'), exclusive('m')])
  expect(plan.reasonsOf('a.test.ts').map(({ group, because }) => [group, because])).toEqual([
    ['m', 'rules[0] (files "**")'],
    ['z', 'rules[0] (files "**")'],
    ['b', 'rules[0] (files "**")'],
    ['a', 'line 1: @group-exclusive a'],
    ['b', 'line 3: group("b")'],
    ['z', 'line 3: group("z")'],
    ['m', 'line 4: group.exclusive("m")'],
  ])
})

test('a file may be in a group by itself alone', () => {
  const plan = planOf({ groups: { db: {} }, files: { 'a.test.ts': '/** @group db */', 'b.test.ts': '' } })
  expect(plan.demandOf('a.test.ts').groups).toEqual([shared('db')])
  expect(plan.demandOf('b.test.ts')).toEqual(NO_DEMAND)
  expect(plan.warnings).toEqual([])
})

test('all matchers of a rule must match', () => {
  const rule = { files: 'a/**', project: 'unit', tags: 'heavy', weight: 2 }
  const files = { 'a/x.test.ts': '// @group heavy', 'a/y.test.ts': '', 'b/x.test.ts': '// @group heavy' }
  const keys = Object.keys(files).flatMap((path) => [jobKey('unit', path), jobKey('e2e', path)])
  const plan = planOf({ rules: [rule], files, keys })
  expect(keys.filter((key) => plan.demandOf(key).weight === 2)).toEqual([jobKey('unit', 'a/x.test.ts')])
})

test('rules of other platforms say nothing, and nothing is said about them', () => {
  const plan = planOf({
    groups: { gpu: {}, mac: {} },
    rules: [
      { files: '**', platform: ['darwin', 'win32'], group: 'mac' },
      { files: '**', platform: 'linux', group: 'gpu' },
    ],
    files: { 'a.test.ts': '' },
  })
  expect(plan.demandOf('a.test.ts').groups).toEqual([shared('gpu')])
  expect(plan.warnings).toEqual([])
})

test('a function sees the file as the globs of its rule do, and is asked once', () => {
  const seen: unknown[] = []
  const plan = planOf({
    groups: { db: {} },
    rules: [{ project: 'unit', tags: 'x', group: 'db', when: (file) => seen.push(file) > 0 }],
    files: { 'pkg/a.test.ts': '// @group x' },
    keys: [jobKey('unit', 'pkg/a.test.ts'), jobKey('other', 'pkg/a.test.ts')],
    dir: 'pkg',
  })
  expect(plan.demandOf(jobKey('unit', 'pkg/a.test.ts')).groups).toEqual([shared('db')])
  expect(plan.testRules.rules).toMatchObject([{ keys: [jobKey('unit', 'pkg/a.test.ts')] }])
  expect(seen).toEqual([
    { path: 'a.test.ts', file: expect.stringMatching(/pkg.a\.test\.ts$/) as string, project: 'unit', tags: ['x'] },
  ])
})

test.each([
  ['throws', () => JSON.parse('{') as boolean, 'JSON'],
  ['returns a promise', () => Promise.resolve(true) as unknown as boolean, 'it returned [object Promise], not true or'],
])('a function that %s is an error', (_, when, reason) => {
  const plan = () => planOf({ rules: [{ when, weight: 2 }], files: { 'a.test.ts': '' } })
  expect(plan).toThrow('HEDDLE_OPTIONS_INVALID: Cannot ask "when" of rules[0] about a.test.ts: ')
  expect(plan).toThrow(reason)
})

test('all unknown groups are told at once, with file and line', () => {
  const plan = () =>
    planOf({
      groups: { postgres: {}, redis: {} },
      files: { 'a.test.ts': `${IMPORT}\ngroup('postgress')\n`, 'b.test.ts': '// @group-exclusive kafka\n' },
    })
  expect(plan).toThrow(
    'HEDDLE_GROUP_UNKNOWN: Cannot put a.test.ts (line 3) into group "postgress", nor b.test.ts (line 1) into group "kafka": ' +
      'the groups are "postgres", "redis"\n' +
      'Fix: did you mean "postgres"? Otherwise add "postgress", "kafka" to groups in heddle.config.ts.',
  )
})

test('what other tools call a group is a tag if a rule names it, or if there are no groups', () => {
  const files = { 'a.test.ts': '// @group heavy\n' }
  const rules: Rule[] = [{ tags: 'heavy', weight: 2 }]
  expect(planOf({ groups: { db: {} }, rules, files }).demandOf('a.test.ts').weight).toBe(2)
  expect(() => planOf({ groups: { db: {} }, files })).toThrow('into group "heavy": the groups are "db"')
  expect(planOf({ rules: [{ files: '**', weight: 3 }], files }).demandOf('a.test.ts').weight).toBe(3)
})

test('what can be no tag is no tag, whatever rules say', () => {
  const rules: Rule[] = [{ tags: 'heavy', weight: 2 }]
  const unknown = 'a.test.ts (line 2) into group "heavy"'
  const call = { 'a.test.ts': `${IMPORT}group('heavy')` }
  expect(() => planOf({ groups: { db: {} }, rules, files: call })).toThrow(unknown)
  expect(() => planOf({ rules, files: call })).toThrow(`${unknown}: there are no groups`)
  expect(() => planOf({ rules, files: { 'a.test.ts': '\n// @group-exclusive heavy' } })).toThrow(unknown)
})

test('a rule about tests says nothing of files', () => {
  const rules: Rule[] = [
    { tests: /./, tags: 'x', group: 'db', weight: 3 },
    { tests: /./, files: '**', group: 'db', weight: 3 },
  ]
  const plan = planOf({ groups: { db: {} }, rules, files: { 'a.test.ts': '// @group x' } })
  expect(plan.demandOf('a.test.ts')).toEqual(NO_DEMAND)
  expect(plan.listedTestRules).toEqual([
    { groups: [shared('db')], because: 'rules[0] (tests /./, tags "x")' },
    { groups: [shared('db')], because: 'rules[1] (files "**", tests /./)' },
  ])
})

test('a tag of the test file itself makes a rule about the file', () => {
  const plan = planOf({
    groups: { db: {} },
    rules: [{ tags: ['x', 'db'], group: 'db' }],
    files: { 'a.test.ts': '// @group db', 'b.test.ts': '' },
  })
  expect(plan.demandOf('a.test.ts').groups).toEqual([shared('db')])
  expect(plan.demandOf('b.test.ts').groups).toEqual([])
})

test('leased is what others give out as well', () => {
  const plan = planOf({
    groups: { own: {}, repo: { scope: 'workspace' }, pc: { scope: 'machine' }, named: {}, tagged: {}, elsewhere: {} },
    rules: [
      { files: '**', group: 'own' },
      { tests: /x/, group: 'named' },
      { tags: 'x', group: 'tagged' },
      { tests: /x/, group: 'elsewhere', platform: 'win32' },
    ],
    files: { 'a.test.ts': '' },
  })
  expect([...plan.leased].sort()).toEqual(['named', 'pc', 'repo', 'tagged'])
  expect(plan.limits.get('own')).toBe(1)
})

test('a glob that matches nothing and a group that nobody uses are told', () => {
  const plan = planOf({
    groups: { db: {}, redis: {}, smtp: {} },
    rules: [
      { files: ['db/**', 'dbb/**', '!x/**'], group: 'db' },
      { tests: /x/, group: 'smtp' },
    ],
    files: { 'p/db/a.test.ts': '' },
    dir: 'p',
  })
  expect(plan.warnings).toEqual([
    'No test file matches "dbb/**" of rules[0], which is relative to p',
    'No rule and no test file uses the group "redis"',
  ])
})

test('nothing is told of what is shared with other packages, for which this run has no files', () => {
  const suite: Suite = {
    groups: { redis: {} },
    rules: [{ files: ['**/*.x.ts', 'web/**', 'api/b/**', 'api/b.ts'], weight: 2 }],
    files: { 'api/a.test.ts': '' },
  }
  expect(planOf(suite, { rootDir: 'api' }).warnings).toEqual([
    'No test file matches "api/b/**" of rules[0]',
    'No test file matches "api/b.ts" of rules[0]',
  ])
  expect(planOf(suite).warnings).toHaveLength(5)
})

test('a directory is not a glob for what is in it', () => {
  const plan = planOf({ rules: [{ files: ['test/db', 'test/'], weight: 2 }], files: { 'test/db/a.test.ts': '' } })
  expect(plan.warnings).toEqual([
    'No test file matches "test/db" of rules[0]; did you mean "test/db/**"?',
    'No test file matches "test/" of rules[0]; did you mean "test/**"?',
  ])
})

test('nothing is told that a file of an earlier run uses, if it is still there', () => {
  const suite = {
    groups: { redis: {} },
    rules: [{ files: 'db/**', weight: 2 }],
    files: { 'a.test.ts': '', 'db/b.test.ts': '// @group redis' },
    keys: ['a.test.ts'],
  }
  expect(planOf(suite).warnings).toHaveLength(2)
  expect(planOf({ ...suite, known: ['a.test.ts', 'db/b.test.ts'] }).warnings).toEqual([])
  expect(planOf({ ...suite, known: ['db/gone.test.ts'] }).warnings).toHaveLength(2)
  expect(planOf(suite, { isPartial: true }).warnings).toEqual([])
})

test('a file that was not planned for is decided when it is asked about', () => {
  const files = { 'a.test.ts': '', 'b.test.ts': '// @group db', 'c.test.ts': '// @group dbb' }
  const plan = planOf({ groups: { db: {} }, files, keys: ['a.test.ts'] })
  expect(plan.demandOf('b.test.ts').groups).toEqual([shared('db')])
  expect(() => plan.demandOf('c.test.ts')).toThrow('HEDDLE_GROUP_UNKNOWN')
})

test('a file that cannot be read says nothing', () => {
  const plan = planOf({ rules: [{ files: '**', weight: 2 }], keys: ['gone.test.ts'] })
  expect(plan.demandOf('gone.test.ts').weight).toBe(2)
})

test('a naive reading of the rules comes to the same demands', () => {
  const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  const rule = fc
    .record({
      files: some(fc.constantFrom('a/**', 'b/**', '**/x*')),
      project: some(fc.constantFrom('unit', 'e2e')),
      group: some(fc.subarray(['db', 'smtp', 'gpu'])),
      weight: some(fc.constantFrom<number | 'all'>(1, 2, 'all')),
      priority: some(fc.integer({ min: -100, max: 100 })),
    })
    .map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as Rule)
  const keys = ['a/x.ts', 'a/y.ts', 'b/x.ts', 'c.ts'].flatMap((path) => [jobKey('unit', path), jobKey('e2e', path)])
  const isIn: Readonly<Record<string, (path: string) => boolean>> = {
    'a/**': (path) => path.startsWith('a/'),
    'b/**': (path) => path.startsWith('b/'),
    '**/x*': (path) => path.includes('x'),
  }
  const workspace = dirWith({})
  fc.assert(
    fc.property(fc.array(rule), (rules) => {
      const plan = planOf({ groups: { smtp: {}, gpu: {}, db: {} }, rules, keys }, { workspace })
      for (const key of keys) {
        const [path = '', project] = key.split('\t')
        const matching = rules.filter(
          (one) =>
            (one.files === undefined || isIn[one.files as string]?.(path)) &&
            (one.project === undefined || one.project === project),
        )
        const first = <S extends keyof Rule>(setting: S): Rule[S] | undefined =>
          matching.find((one) => one[setting] !== undefined)?.[setting]
        const named = [...((first('group') as string[] | undefined) ?? [])].sort()
        const isAloneThere = first('weight') === 'all' && named.length > 0
        expect(plan.demandOf(key)).toEqual({
          groups: named.map(isAloneThere ? exclusive : shared),
          weight: isAloneThere ? 1 : (first('weight') ?? 1),
          priority: first('priority') ?? 0,
        })
      }
    }),
  )
})
