import type { Demand } from '@heddle/core'
import { expect, it } from 'vitest'
import { heddle } from '../testing/capture-terminal.js'
import {
  createTempWorkspace,
  fakeJest,
  fakeVitest,
  wiredVitest,
  type FakeGroups,
  type TempWorkspace,
} from '../testing/temp-workspace.js'

const KEYS = ['a.test.ts', 'b.test.ts', 'c.test.ts', 'd.test.ts']
const DURATIONS = { 'a.test.ts': 2000, 'b.test.ts': 3000, 'c.test.ts': 4000, 'd.test.ts': 1000 }
const RULE = 'rules[0] (files "db/**")'

const demand = (group: string, some: Partial<Demand> & { readonly mode?: 'shared' | 'exclusive' } = {}): Demand => {
  const { mode = 'shared', ...rest } = some
  return { groups: [{ group, mode }], weight: 1, priority: 0, ...rest }
}
const inGroup = (group: string, because: string) => [{ setting: 'group', group, because } as const]

const GROUPS: FakeGroups = {
  groups: [
    { name: 'postgres', limit: 2, scope: 'run' },
    { name: 'stripe', limit: Infinity, scope: 'machine' },
    { name: 'redis', limit: 1, scope: 'workspace' },
  ],
  demands: {
    'a.test.ts': demand('postgres'),
    'b.test.ts': demand('postgres', { weight: 2 }),
    'c.test.ts': demand('postgres', { mode: 'exclusive', priority: 7 }),
    'd.test.ts': { groups: [], weight: 3, priority: 0 },
  },
  reasons: {
    'a.test.ts': inGroup('postgres', RULE),
    'b.test.ts': [...inGroup('postgres', RULE), { setting: 'weight', because: 'rules[2]' }],
    'c.test.ts': inGroup('postgres', 'line 3: group.exclusive("postgres")'),
    'd.test.ts': [{ setting: 'weight', because: 'rules[2]' }],
  },
  testRules: [{ groups: [{ group: 'stripe', mode: 'shared' }], because: 'rules[1] (tests /@stripe/)' }],
  warnings: ['nobody uses group "redis"'],
}

function workspaceWith(script: string): TempWorkspace {
  const workspace = createTempWorkspace()
  workspace.write('vitest.config.ts')
  for (const key of KEYS) workspace.write(key)
  workspace.installHost('vitest', script)
  workspace.record(DURATIONS)
  return workspace
}

it('shows limit, scope and members of every group, and why they are in it', async () => {
  const { dir } = workspaceWith(wiredVitest(KEYS, GROUPS))
  const { code, out, err } = await heddle(dir, ['groups', '--workers', '4'])
  expect(code).toBe(0)
  expect(out).toBe(`"postgres", limit 2, scope run: 3 files, 9.0 s of work, 8.0 s at the least
EXPECTED  TAKES           PRIORITY  FILE       WHY
   4.0 s  all, exclusive         7  c.test.ts  line 3: group.exclusive("postgres")
   3.0 s  all                    0  b.test.ts  rules[0] (files "db/**")
   2.0 s  1                      0  a.test.ts  rules[0] (files "db/**")

"stripe", no limit, scope machine: no whole file
Single tests: rules[1] (tests /@stripe/)

"redis", limit 1, scope workspace: nobody uses it

(no group): 1 file with a weight or a priority
EXPECTED  WEIGHT  PRIORITY  FILE       WHY
   1.0 s       3         0  d.test.ts  rules[2]
`)
  expect(err).toBe('heddle: nobody uses group "redis"\n')
})

it('says which group sets the lower bound', async () => {
  const both = { 'a.test.ts': demand('db'), 'c.test.ts': demand('db') }
  const { dir } = workspaceWith(wiredVitest(KEYS, { groups: [{ name: 'db', limit: 1, scope: 'run' }], demands: both }))
  expect((await heddle(dir, ['groups', '--workers', '4'])).out).toContain(
    '6.0 s at the least; it sets the lower bound\n',
  )
})

it('leaves out columns that say nothing', async () => {
  const only: FakeGroups = { groups: [{ name: 'db', limit: 1, scope: 'run' }], demands: { 'a.test.ts': demand('db') } }
  const { dir } = workspaceWith(wiredVitest(KEYS, only))
  expect((await heddle(dir, ['groups', '--workers', '4'])).out).toMatch(/\nEXPECTED +FILE +WHY\n/)
})

it('shortens a long list, but not on request', async () => {
  const { dir } = workspaceWith(wiredVitest(KEYS, GROUPS))
  expect((await heddle(dir, ['groups', '--limit', '1'])).out).toContain(
    '… and 2 files with less work (--all shows them)\n',
  )
  expect((await heddle(dir, ['groups', '--all'])).out).not.toContain('…')
})

it('prints JSON, an unlimited group with null', async () => {
  const { dir } = workspaceWith(wiredVitest(KEYS, GROUPS))
  const { out } = await heddle(dir, ['groups', '--workers', '4', '--json'])
  const parsed = JSON.parse(out) as { groups: Record<string, unknown>[] }
  expect(parsed).toMatchObject({
    workers: 4,
    source: 'history',
    lowerBoundMs: 9000,
    ungrouped: [{ file: 'd.test.ts', weight: 3 }],
    warnings: GROUPS.warnings,
  })
  expect(parsed.groups[0]).toMatchObject({
    name: 'postgres',
    limit: 2,
    scope: 'run',
    workMs: 9000,
    atLeastMs: 8000,
    setsLowerBound: false,
    rules: ['line 3: group.exclusive("postgres")', RULE],
    files: [
      { file: 'c.test.ts', mode: 'exclusive', permits: 2, priority: 7 },
      { file: 'b.test.ts', mode: 'shared', permits: 2, expectedMs: 3000, isKnown: true, because: [RULE] },
      { file: 'a.test.ts', permits: 1 },
    ],
  })
  expect(parsed.groups[1]).toMatchObject({ limit: null, testRules: ['rules[1] (tests /@stripe/)'], files: [] })
})

it('says that nothing is declared', async () => {
  const { dir } = workspaceWith(wiredVitest(KEYS))
  const { code, out } = await heddle(dir, ['groups'])
  expect([code, out]).toEqual([0, 'No group is declared, neither in the config of the host nor in heddle.config.\n'])
})

it('refuses where heddle is not in the config: what rules mean is known there only', async () => {
  const { dir } = workspaceWith(fakeVitest(Object.fromEntries(KEYS.map((key) => [key, '']))))
  const { code, out, err } = await heddle(dir, ['groups'])
  expect([code, out]).toEqual([3, ''])
  expect(err).toMatch(
    /^HEDDLE_HOST_FAILED: Cannot show the groups of vitest: heddle is not in its config\nFix: add the plugin: `plugins: \[heddle\(\)\]`/,
  )
})

it('hands arguments on to Jest', async () => {
  const { dir, write, installHost } = createTempWorkspace()
  write('jest.config.js')
  installHost('jest', fakeJest(['a.test.js'], GROUPS))
  const { code, out } = await heddle(dir, ['groups', '--', 'a.test'])
  expect(code).toBe(0)
  expect(out).toContain('"redis", limit 1, scope workspace: nobody uses it')
})
