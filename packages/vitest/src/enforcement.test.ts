import { NO_DEMAND, type Demand, type GroupPlan } from '@heddle/core'
import { expect, test } from 'vitest'
import type { TestProject, TestSpecification, Vitest } from 'vitest/node'
import type { FoundSpecification } from './adapter.js'
import {
  limitsOf,
  needsOf,
  planEnforcement,
  scheduledFileOf,
  userSlotsOf,
  type Enforcement,
  type ScheduledFile,
} from './enforcement.js'

const PG = { name: 'pg', limit: 2, scope: 'run' } as const
const API = { name: 'api', limit: 1, scope: 'machine' } as const

test('a group that only the dispatcher gives out needs no lease', () => {
  const enforcement = enforce({ a: ['pg'] }, { taken: ['a'] })
  expect(schedule(enforcement).claims).toEqual([])
  expect(schedule(enforcement).hints).toEqual([])
})

test('a group of the machine is leased by the dispatcher', () => {
  const enforcement = enforce({ a: ['pg', 'api'] }, { taken: ['a'] })
  expect(schedule(enforcement).claims).toEqual([{ ...API, permits: 'all' }])
})

test('where some files start without the dispatcher, all groups are leased', () => {
  const enforcement = enforce({ a: ['pg'], b: ['pg'] }, { taken: ['a'] })
  expect(schedule(enforcement).claims).toEqual([{ ...PG, permits: 1 }])
  expect(needsOf(enforcement, 'b', false)).toEqual({ claims: [{ ...PG, permits: 1 }], free: [] })
})

test('worker slots are leased as well, only if a file weighs more than one', () => {
  const enforcement = enforce({ a: [], b: [] }, { taken: ['a'], weights: { a: 3 } })
  const slots = { name: '', limit: 4, scope: 'run' }
  expect(schedule(enforcement).claims).toEqual([{ ...slots, permits: 3 }])
  expect(needsOf(enforcement, 'b', false)).toEqual({ claims: [{ ...slots, permits: 1 }], free: [] })
  expect(needsOf(enforce({ a: [], b: [] }, { taken: ['a'] }), 'b', false)).toBeUndefined()
})

test('who runs alone takes only what other runs want, too', () => {
  const enforcement = enforce({ a: ['pg', 'api'] }, { taken: [], width: 1 })
  expect(needsOf(enforcement, 'a', true)).toEqual({
    claims: [{ ...API, permits: 'all' }],
    free: [{ ...PG, permits: 1 }],
  })
})

test('one at a time: nothing beside anything that waits in its worker', () => {
  const enforcement = enforce({ a: [] }, { taken: [], env: { HEDDLE_ONE_AT_A_TIME: '1' } })
  expect(enforcement.isInOrder).toBe(true)
  expect(needsOf(enforcement, 'a', false)?.claims).toEqual([{ name: '', limit: 1, scope: 'run', permits: 'all' }])
})

test('a file of the only worker of a pool is not alone if other pools run beside it', () => {
  const enforcement = enforce(
    { a: ['pg'] },
    { taken: [], width: 1, isBeside: true, env: { HEDDLE_ONE_AT_A_TIME: '1' } },
  )
  expect(enforcement.plan.leased).toContain('pg')
  expect(needsOf(enforcement, 'a', false)?.claims).toEqual([
    { name: '', limit: 1, scope: 'run', permits: 'all' },
    { ...PG, permits: 1 },
  ])
})

test('a project with fewer workers than another has a limit, which is no group of the user', () => {
  const enforcement = enforce({ a: [] }, { taken: ['a'] })
  const [own] = schedule(enforcement, 2).hints ?? []
  expect(limitsOf(enforcement.plan, new Set([2, 4])).get(own?.group ?? '')).toBe(2)
  expect(userSlotsOf({ '': 3, pg: 1 })).toEqual({ pg: 1 })
})

/** The file `a` of a project with so many workers. */
function schedule(enforcement: Enforcement, width = 4): ScheduledFile {
  const job = { key: 'a', expectedMs: 1, isKnown: true, hasFailed: false, stage: 0, batch: undefined }
  return scheduledFileOf(enforcement, job, { id: 'a', rank: 0, width })
}

interface Case {
  /** Files that heddle starts. */
  readonly taken: readonly string[]
  readonly width?: number
  /** Whether other pools run beside the file's. */
  readonly isBeside?: boolean
  readonly weights?: Readonly<Record<string, number>>
  readonly env?: NodeJS.ProcessEnv
}

function enforce(
  groups: Readonly<Record<string, readonly string[]>>,
  { taken, width = 4, isBeside = width > 1, weights, env }: Case,
): Enforcement {
  const project = { config: { maxWorkers: width } } as unknown as TestProject
  const files = Object.keys(groups).map((key) => ({
    key,
    specification: { project },
  })) as unknown as FoundSpecification[]
  const scheduled = new Set<TestSpecification>(
    files.filter(({ key }) => taken.includes(key)).map(({ specification }) => specification),
  )
  const demands = (key: string): Demand => ({
    ...NO_DEMAND,
    groups: (groups[key] ?? []).map((group) => ({ group, mode: 'shared' })),
    weight: weights?.[key] ?? 1,
  })
  const plan = {
    groups: new Map([PG, API].map((group) => [group.name, group])),
    limits: new Map([PG, API].map(({ name, limit }) => [name, limit])),
    leased: new Set(['api']),
    demandOf: demands,
    hintsOf: () => [],
  } as unknown as GroupPlan
  const takeover = { specifications: [...scheduled], scheduled, projects: [], obstacles: new Set<string>() }
  return planEnforcement({ config: {} } as unknown as Vitest, {
    plan,
    files,
    takeover,
    isAlone: () => !isBeside,
    env: env ?? {},
  })
}
