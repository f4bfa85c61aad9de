import { expect, test } from 'vitest'
import type { Group } from '../groups/demand.js'
import { dispatchJobOf } from './dispatch-job.js'

const postgres: Group = { name: 'postgres', limit: 2, scope: 'run' }
const api: Group = { name: 'api', limit: 3, scope: 'machine' }

const aJob = { key: 'a.test.ts', expectedMs: 5, isKnown: true, hasFailed: false, stage: 0, batch: 'x' }

test('only groups that other processes use as well are claimed', () => {
  const demand = {
    groups: [
      { group: 'postgres', mode: 'shared' },
      { group: 'api', mode: 'shared' },
    ],
    weight: 2,
    priority: 7,
  } as const
  const plan = {
    groups: new Map([postgres, api].map((group) => [group.name, group])),
    leased: new Set(['api']),
    demandOf: () => demand,
    hintsOf: () => [],
  }
  expect(dispatchJobOf(aJob, { id: 'a', plan, rank: 1 })).toEqual({
    id: 'a',
    label: 'a.test.ts',
    expectedMs: 5,
    isKnown: true,
    batch: 'x',
    rank: 1,
    ...demand,
    claims: [{ ...api, permits: 2 }],
    hints: [],
  })
})
