import { expect, test } from 'vitest'
import { dirWith } from '../../fixtures/directories.js'
import type { ExpectedHold } from '../history/expected-holds.js'
import { planGroups, type GroupPlan } from './group-plan.js'
import { scheduledDemandOf, withHints } from './hints.js'

const KEYS = ['a.test.ts', 'b.test.ts']

/** A project in which one file is in `postgres`. */
function aPlan(): GroupPlan {
  const workspace = dirWith({ 'a.test.ts': '', 'b.test.ts': '' })
  return planGroups({
    workspace,
    rootDir: '',
    groups: { postgres: { limit: 2, scope: 'run', dir: '' } },
    rules: [{ files: 'a.test.ts', group: 'postgres', dir: '', place: 'rules[0]' }],
    keys: KEYS,
    knownKeys: () => [],
  })
}

function hinted(holds: Readonly<Record<string, readonly ExpectedHold[]>>): GroupPlan {
  return withHints(aPlan(), new Map(Object.entries(holds)), KEYS)
}

test('a file whose tests hold a group or a key for most of the time is scheduled as its member', () => {
  const plan = hinted({
    'b.test.ts': [
      { name: 'group:postgres', mode: 'shared' },
      { name: 'ledger', mode: 'exclusive' },
    ],
  })
  expect(scheduledDemandOf(plan, 'b.test.ts').groups).toEqual([
    { group: 'postgres', mode: 'shared' },
    { group: 'serial "ledger"', mode: 'exclusive' },
  ])
  expect(plan.demandOf('b.test.ts').groups).toEqual([])
  expect(Object.fromEntries(plan.limits)).toEqual({ postgres: 2, 'serial "ledger"': Infinity })
})

test('what a file is in anyway, and what is not declared any more, is no hint', () => {
  const plan = hinted({
    'a.test.ts': [{ name: 'group:postgres', mode: 'exclusive' }],
    'b.test.ts': [{ name: 'group:mysql', mode: 'exclusive' }],
  })
  expect(KEYS.map((key) => plan.hintsOf(key))).toEqual([[], []])
  expect([...plan.limits.keys()]).toEqual(['postgres'])
})

test('what a file holds in both modes is one hint', () => {
  const held = (['shared', 'exclusive'] as const).map((mode) => ({ name: 'ledger', mode }))
  expect(hinted({ 'a.test.ts': held }).hintsOf('a.test.ts')).toEqual([{ group: 'serial "ledger"', mode: 'exclusive' }])
})

test('files that this run does not have are not looked at', () => {
  const plan = hinted({ 'gone.test.ts': [{ name: 'ledger', mode: 'exclusive' }] })
  expect(plan.hintsOf('gone.test.ts')).toEqual([])
})

test('a key that all serial tests share is one that an exclusive one has alone', () => {
  const plan = hinted({ 'a.test.ts': [{ name: '', mode: 'shared' }], 'b.test.ts': [{ name: '', mode: 'exclusive' }] })
  expect(plan.limits.get('all serial tests')).toBe(Infinity)
})
