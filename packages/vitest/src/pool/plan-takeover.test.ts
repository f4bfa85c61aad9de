import { expect, test } from 'vitest'
import type { TestProject, TestSpecification, Vitest } from 'vitest/node'
import { planTakeover, type Takeover } from './plan-takeover.js'

test('heddle starts the files of forks and threads, and Vitest hands them out all at once', () => {
  const forks = specification('forks')
  const threads = specification('threads')
  const takeover = plan([forks, threads])
  expect(takeover.specifications).toEqual([forks, threads])
  expect([...takeover.scheduled]).toEqual([forks, threads])
  expect(takeover.projects).toEqual([forks.project, threads.project])
  expect([...takeover.obstacles]).toEqual([])
})

test('where others share the stage, Vitest keeps its limit', () => {
  const forks = specification('forks')
  const later = specification('forks', { sequence: { groupOrder: 1 } })
  const takeover = plan([forks, specification('vmThreads'), later])
  expect(takeover.specifications).toEqual([forks, later])
  expect(takeover.projects).toEqual([later.project])
  expect([...takeover.obstacles]).toEqual([
    'in the pool vmThreads, files wait for their groups in a worker, which is taken meanwhile',
  ])
})

test('where projects of a stage differ in their workers, Vitest is to say so itself', () => {
  const takeover = plan([specification('forks', { maxWorkers: 2 }), specification('forks', { maxWorkers: 3 })])
  expect(takeover.projects).toEqual([])
})

test('files that run alone have a slot, and nothing to decide', () => {
  const alone = specification('forks', { maxWorkers: 1 })
  const takeover = plan([alone])
  expect(takeover.specifications).toEqual([alone])
  expect([...takeover.scheduled]).toEqual([])
  expect(takeover.projects).toEqual([])
})

test.each([
  ['4.1.0', {}, 1],
  ['5.9.9', {}, 1],
  ['4.0.18', {}, 0],
  ['6.0.0', {}, 0],
  ['3.2.7', {}, 0],
  ['5.1.1', { inspector: { enabled: true } }, 0],
])('Vitest %s with %j: heddle starts %i file', (version, config, count) => {
  expect(plan([specification('forks')], vitestWith(version, config)).specifications).toHaveLength(count)
})

test('what cannot be helped is said, what nobody expects is not', () => {
  const obstacles = (version: string, pool: string): string[] => [
    ...plan([specification(pool)], vitestWith(version)).obstacles,
  ]
  expect(obstacles('3.2.7', 'forks')).toEqual([])
  expect(obstacles('6.0.0', 'forks')[0]).toMatch(/Vitest 6\.0\.0, which heddle does not know yet/)
  expect(obstacles('5.1.1', 'browser')[0]).toMatch(/in the browser are in no group/)
  expect(obstacles('5.1.1', 'my-pool')[0]).toMatch(/the pool my-pool/)
})

test('HEDDLE_POOL=host leaves everything to Vitest, without a word', () => {
  const takeover = plan([specification('forks')], vitestWith('5.1.1'), { HEDDLE_POOL: 'host' })
  expect(takeover.specifications).toEqual([])
  expect([...takeover.obstacles]).toEqual([])
})

function plan(
  specifications: TestSpecification[],
  vitest = vitestWith('5.1.1'),
  env: NodeJS.ProcessEnv = {},
): Takeover {
  return planTakeover(vitest, specifications, env)
}

function vitestWith(version: string, config: object = {}): Vitest {
  return { version, config: { maxWorkers: 4, ...config } } as unknown as Vitest
}

function specification(pool: string, config: object = {}): TestSpecification {
  const project = { config: { pool, isolate: true, sequence: {}, ...config } } as unknown as TestProject
  return { pool, project, moduleId: '/a.test.ts' } as unknown as TestSpecification
}
