import { expect, test } from 'vitest'
import type { Group } from './demand.js'
import { FileRule } from './file-rules.js'
import { planTestRules } from './plan-test-rules.js'
import type { Rule } from './rule.js'
import { groupsOfRules, testGroupsIn, type TestRules } from './test-rules.js'

const GROUPS = new Map(
  Object.entries({ stripe: 1, db: 2, files: Infinity }).map(([name, limit]): [string, Group] => [
    name,
    { name, limit, scope: name === 'stripe' ? 'machine' : 'run' },
  ]),
)

/** As a worker gets them. */
function rulesOf(rules: readonly Rule[], keys: readonly string[] = [], dir = ''): TestRules {
  const fileRules = rules.map((rule, i) => new FileRule({ ...rule, dir, place: `rules[${i}]` }, '/repo'))
  const planned = planTestRules(
    fileRules,
    GROUPS,
    keys.map((key) => ({ key, tags: [] })),
  )
  return JSON.parse(JSON.stringify(planned)) as TestRules
}

interface Asked {
  readonly path?: string
  readonly project?: string
  readonly tags?: readonly string[]
  readonly fileTags?: readonly string[]
}

function groupsOf(
  rules: TestRules,
  name: string,
  { path = 'a.test.ts', project = '', tags = [], ...more }: Asked = {},
) {
  return testGroupsIn(rules, { path, project, ...more })?.({ name, tags }) ?? []
}

const stripe = { group: 'stripe', mode: 'shared', weight: 1 }
const db = { group: 'db', mode: 'shared', weight: 1 }

test('a name that matches decides', () => {
  const rules = rulesOf([{ tests: /@stripe$/i, group: 'stripe' }])
  expect(groupsOf(rules, 'checkout pays @Stripe')).toEqual([stripe])
  expect(groupsOf(rules, '@stripe and more')).toEqual([])
})

test('a test has the tags of its file', () => {
  const rules = rulesOf([{ tests: /pays/, tags: 'slow', group: 'stripe' }])
  expect(groupsOf(rules, 'pays', { fileTags: ['slow'] })).toEqual([stripe])
  expect(groupsOf(rules, 'looks', { fileTags: ['slow'] })).toEqual([])
  expect(groupsOf(rules, 'pays')).toEqual([])
})

test('a pattern with a memory matches every time', () => {
  const rules = rulesOf([{ tests: /pays/gy, group: 'stripe' }])
  const ask = testGroupsIn(rules, { path: 'a.test.ts', project: '' })
  expect([1, 2, 3].map(() => ask?.({ name: 'pays', tags: [] }).length)).toEqual([1, 1, 1])
})

test('a string is a regular expression', () => {
  expect(groupsOf(rulesOf([{ tests: '^checkout .*pays', group: 'db' }]), 'checkout always pays')).toEqual([db])
})

test('any tag of a rule is enough', () => {
  const rules = rulesOf([{ tags: ['db', 'sql'], group: 'db' }])
  expect(groupsOf(rules, 'x', { tags: ['fast', 'sql'] })).toEqual([db])
  expect(groupsOf(rules, 'x', { tags: ['fast'] })).toEqual([])
})

test('a rule with a tag of the file is about the file, not about its tests', () => {
  const rules = rulesOf([
    { tags: 'db', group: 'db' },
    { tags: 'db', tests: /pays/, group: 'stripe' },
  ])
  expect(groupsOf(rules, 'pays', { tags: ['db'], fileTags: ['db'] })).toEqual([stripe])
  expect(groupsOf(rules, 'pays', { tags: ['db'] })).toEqual([db])
})

test('the first that matches decides, each setting for itself, and rules about files do not count', () => {
  const rules = rulesOf([
    { files: '**', group: 'files', weight: 7 },
    { tests: /heavy/, weight: 'all' },
    { tests: /free/, group: [] },
    { tests: /pays/, group: ['stripe', { name: 'db', mode: 'exclusive' }] },
    { tests: /./, group: 'db', weight: 2 },
  ])
  expect(groupsOf(rules, 'pays')).toEqual([
    { group: 'db', mode: 'exclusive', weight: 2 },
    { group: 'stripe', mode: 'shared', weight: 2 },
  ])
  expect(groupsOf(rules, 'free and pays')).toEqual([])
  expect(groupsOf(rules, 'heavy')).toEqual([{ group: 'db', mode: 'shared', weight: 'all' }])
})

test('files, project and function count as for files', () => {
  const keys = ['p/a.test.ts', 'p/b.test.ts', 'p/a.test.ts\tunit']
  const rules = rulesOf(
    [
      {
        tests: /x/,
        files: ['*.ts', '!c*'],
        project: ['', 'unit'],
        when: ({ path }) => path.startsWith('a'),
        group: 'db',
      },
    ],
    keys,
    'p',
  )
  expect(groupsOf(rules, 'x', { path: 'p/a.test.ts' })).toEqual([db])
  expect(groupsOf(rules, 'x', { path: 'p/a.test.ts', project: 'unit' })).toEqual([db])
  expect(groupsOf(rules, 'x', { path: 'p/b.test.ts' })).toEqual([])
  expect(groupsOf(rules, 'x', { path: 'a.test.ts' })).toEqual([])
  const noFunction = rulesOf([{ tests: /x/, files: ['*.ts', '!c*'], project: 'unit', group: 'db' }])
  expect(groupsOf(noFunction, 'x', { path: 'c.ts', project: 'unit' })).toEqual([])
  expect(groupsOf(noFunction, 'x', { path: 'd.ts', project: 'e2e' })).toEqual([])
  expect(groupsOf(noFunction, 'x', { path: 'd.ts', project: 'unit' })).toEqual([db])
})

test('a file none of whose tests can be in a group is told at once', () => {
  const rules = rulesOf([
    { tests: /x/, files: 'db/**', group: 'db' },
    { tests: /x/, weight: 2 },
    { tests: /x/, group: [] },
  ])
  expect(testGroupsIn(rules, { path: 'a.ts', project: '' })).toBeUndefined()
  expect(testGroupsIn(rules, { path: 'db/a.ts', project: '' })).toBeTypeOf('function')
})

test('a limit of Infinity survives JSON', () => {
  expect(groupsOfRules(rulesOf([]))).toEqual(GROUPS)
})
