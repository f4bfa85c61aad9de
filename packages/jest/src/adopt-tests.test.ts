import { expect, test } from 'vitest'
import { contextOf, REPLACEMENTS, sessionIn, tempDir, testOf } from '../fixtures/host.js'
import { adoptTests, runOf } from './adopt-tests.js'
import { OPTIONS_GLOBAL } from './inline-options.js'
import { JestRun } from './jest-run.js'

async function newRun(): Promise<JestRun> {
  const { session } = await sessionIn(tempDir())
  return new JestRun(session, { hostVersion: '30.0.0', isCold: false })
}

test("puts heddle's runner in the place of the stock one", async () => {
  const run = await newRun()
  const given = testOf('/repo/a.test.js')
  const [adopted] = adoptTests([given], run, REPLACEMENTS)
  expect(adopted?.context.config.runner).toBe(REPLACEMENTS.runner.own)
  expect(adopted && runOf(adopted)).toBe(run)
  expect(given.context.config.runner).toBe(REPLACEMENTS.runner.stock)
  expect(runOf(given)).toBeUndefined()
})

test('keeps the context, and with it every other property, of a project with runners of its own', async () => {
  const eslint = testOf('/repo/a.js', contextOf({ runner: '/eslint/runner.js', testRunner: '/jasmine.js' }))
  expect(adoptTests([eslint], await newRun(), REPLACEMENTS)).toEqual([eslint])
})

test('takes each of the two runners by itself', async () => {
  const tests = [
    testOf('/1', contextOf({ runner: '/own/runner.js' })),
    testOf('/2', contextOf({ testRunner: '/jasmine.js' })),
  ]
  const [first, second] = adoptTests(tests, await newRun(), REPLACEMENTS)
  const { runner, testRunner } = REPLACEMENTS
  expect(first?.context.config).toMatchObject({ runner: '/own/runner.js', testRunner: testRunner.own })
  expect(first && runOf(first)).toBeUndefined()
  expect(second?.context.config).toMatchObject({ runner: runner.own, testRunner: '/jasmine.js' })
})

test('adopts projects that name the runner of heddle themselves', async () => {
  const run = await newRun()
  const [adopted] = adoptTests(
    [testOf('/repo/a.js', contextOf({ runner: REPLACEMENTS.runner.own }))],
    run,
    REPLACEMENTS,
  )
  expect(adopted && runOf(adopted)).toBe(run)
})

test('makes one context per project, because Jest counts them', async () => {
  const [a, b] = [contextOf({ id: 'a' }), contextOf({ id: 'b' })]
  const tests = [testOf('/1', a), testOf('/2', b), testOf('/3', a), testOf('/4', b)]
  const contexts = adoptTests(tests, await newRun(), REPLACEMENTS).map(({ context }) => context)
  expect(new Set(contexts).size).toBe(2)
  expect(contexts[2]).toBe(contexts[0])
})

test('shows workers and transform caches nothing of heddle but the test runner', async () => {
  const globals = { USER: 1, [OPTIONS_GLOBAL]: { silent: true } }
  const given = testOf('/1', contextOf({ globals }))
  const [adopted] = adoptTests([given], await newRun(), REPLACEMENTS)
  const config = adopted?.context.config
  expect(config?.globals).toEqual({ USER: 1 })
  expect(JSON.parse(JSON.stringify(config))).toEqual({
    ...given.context.config,
    globals: { USER: 1 },
    testRunner: REPLACEMENTS.testRunner.own,
  })
  expect(Object.isFrozen(config)).toBe(true)
  // A worker thread gets a structured clone, which cannot hold functions.
  expect(structuredClone(config)).toMatchObject({ runner: REPLACEMENTS.runner.own })
})

test('shows workers nothing of heddle in projects with runners of their own', async () => {
  const globals = { USER: 1, [OPTIONS_GLOBAL]: { rules: [{ when: () => true, priority: 1 }] } }
  const given = testOf('/1', contextOf({ runner: '/own/runner.js', testRunner: '/jasmine.js', globals }))
  const [adopted] = adoptTests([given], await newRun(), REPLACEMENTS)
  expect(structuredClone(adopted?.context.config)).toEqual({ ...given.context.config, globals: { USER: 1 } })
})
