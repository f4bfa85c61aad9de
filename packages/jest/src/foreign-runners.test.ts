import type { GroupPlan } from '@heddle/core'
import { expect, test } from 'vitest'
import { contextOf, REPLACEMENTS, testOf } from '../fixtures/host.js'
import { describeForeignRunners } from './foreign-runners.js'
import type { HostProjectConfig } from './host-types.js'

const OWN = { runner: REPLACEMENTS.runner.own, testRunner: REPLACEMENTS.testRunner.own }

/** Two files of a project. */
function filesIn(config: Partial<HostProjectConfig>) {
  const context = contextOf(config)
  return ['/a', '/b'].map((key) => ({ key, test: testOf(key, context) }))
}

function planOf({ group, hasTestRules = false }: { readonly group?: string; readonly hasTestRules?: boolean }) {
  const groups = group === undefined ? [] : [{ group, mode: 'shared' as const }]
  return {
    groups: new Map(),
    limits: new Map(),
    leased: new Set(),
    testRules: { groups: [], rules: hasTestRules ? [{ because: 'rules[0]', tests: { source: 'x', flags: '' } }] : [] },
    warnings: [],
    demandOf: () => ({ groups, weight: 1, priority: 0 }),
    hintsOf: () => [],
    reasonsOf: () => [],
    listedTestRules: [],
  } satisfies GroupPlan
}

test("there is nothing to say where heddle's own run", () => {
  const plan = planOf({ group: 'db', hasTestRules: true })
  expect(describeForeignRunners(filesIn(OWN), plan, OWN)).toEqual([])
})

test('nor where nothing is in a group', () => {
  const files = filesIn({ runner: '/my/runner.js', testRunner: '/my/tests.js' })
  expect(describeForeignRunners(files, planOf({}), OWN)).toEqual([])
})

test('files of another runner wait in the workers, said once', () => {
  const files = filesIn({ ...OWN, runner: '/my/runner.js' })
  expect(describeForeignRunners(files, planOf({ group: 'db' }), OWN)).toEqual([
    '"/my/runner.js" decides when its files start, not heddle: they wait for their groups in the workers',
  ])
})

test('single tests of another test runner are in no group', () => {
  const files = filesIn({ ...OWN, testRunner: '/my/tests.js' })
  expect(describeForeignRunners(files, planOf({ group: 'db' }), OWN)).toEqual([])
  expect(describeForeignRunners(files, planOf({ hasTestRules: true }), OWN)).toEqual([
    'groups of single tests are not enforced in files that "/my/tests.js" runs: it is not heddle\'s',
  ])
})

test('where both are others, nothing is enforced', () => {
  const files = filesIn({ runner: '/my/runner.js', testRunner: '/my/tests.js' })
  expect(describeForeignRunners(files, planOf({ group: 'db' }), OWN)).toEqual([
    'groups are not enforced in files that "/my/runner.js" runs with "/my/tests.js": both are not heddle\'s',
  ])
})
