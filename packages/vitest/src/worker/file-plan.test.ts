import type { FixtureSettings } from '@heddle/core/fixtures'
import { expect, test } from 'vitest'
import { planFile } from './file-plan.js'
import type { WorkerRun } from './worker-run.js'

const RUN: WorkerRun = { root: '/w/app', workspace: '/w', runId: 'r', major: 5, fixtures: {} as FixtureSettings }
const PG = { name: 'pg', limit: 2, scope: 'run', permits: 1 } as const

test('a file that needs nothing takes nothing', () => {
  expect(planFile(RUN, '/w/app/a.test.ts', '', 'test()')).toMatchObject({
    label: 'app/a.test.ts',
    claim: undefined,
    held: { groups: [], slots: {} },
    groupsOf: undefined,
  })
})

test('what nobody takes for a file is taken together with what its source says', () => {
  const needs = { '/w/a.test.ts': { claims: [PG], free: [] } }
  const { claim } = planFile({ ...RUN, needs }, '/w/a.test.ts', '', "serial.file('ledger')")
  expect(claim).toMatchObject({ groups: [PG], serial: { keys: ['ledger'] } })
})

test('a group without a limit arrives as such, also by way of JSON', () => {
  const needs = { '/w/a.test.ts': { claims: [{ ...PG, limit: Infinity }], free: [] } }
  const run = JSON.parse(JSON.stringify({ ...RUN, needs })) as WorkerRun
  expect(planFile(run, '/w/a.test.ts', '', '').claim).toEqual({
    groups: [{ ...PG, limit: Infinity }],
    serial: undefined,
  })
})

test('a file holds what was taken for it, and what nobody else can want', () => {
  const seat = { slot: 2, groupSlots: { pg: 2 }, groups: [PG] }
  const free = { ...PG, name: 'redis' }
  const run = { ...RUN, seat, needs: { '/w/a.test.ts': { claims: [], free: [free] } } }
  expect(planFile(run, '/w/a.test.ts', '', '').held).toEqual({ groups: [PG, free], slots: { pg: 2, redis: 1 } })
})

test('rules about tests tell what a test takes, by its name and tags', () => {
  const testRules = {
    groups: [{ name: 'api', limit: 1, scope: 'machine' as const }],
    rules: [
      { because: '', tests: { source: '@stripe', flags: '' }, groups: [{ group: 'api', mode: 'shared' as const }] },
    ],
  }
  const { groupsOf } = planFile({ ...RUN, testRules }, '/w/a.test.ts', '', '')
  expect(groupsOf?.('pays @stripe', [])).toEqual([{ name: 'api', limit: 1, scope: 'machine', permits: 'all' }])
  expect(groupsOf?.('pays', [])).toEqual([])
})
