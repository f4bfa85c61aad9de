import type { Fixtures, Logger } from '@heddle/core/fixtures'
import type { TestAPI } from 'vitest'
import { configuredWorker } from './configured-worker.js'
import { createLogger, env, namespace, port, runId, slot, socketPath, tempDir, workerId } from './fixtures.js'
import { workerSide } from './worker/worker-side.js'

/** What {@link test} gives to tests that ask for it. */
export interface TestFixtures {
  /** {@link slot} */
  readonly slot: number
  /** {@link runId} */
  readonly runId: string
  /** {@link workerId} */
  readonly workerId: string
  /** {@link namespace} */
  readonly namespace: string
  /** {@link tempDir} */
  readonly tempDir: string
  /** {@link port} */
  readonly port: number
  /** {@link socketPath} */
  readonly socketPath: string
  /** {@link env} */
  readonly env: Fixtures['env']
  /** {@link createLogger}, with the name of the test */
  readonly logger: Logger
}

/** What {@link test} gives besides: the resources of heddle.config, by their names there. */
export type ResourceFixtures = HeddleResources

/** A fixture in Vitest's object syntax. */
type FixtureFunction<T> = (context: VitestContext, use: (value: T) => Promise<void>) => Promise<void>

interface VitestContext {
  readonly task: { readonly name: string }
}

/** The type of {@link fixtures}. */
export type FixtureFunctions = {
  readonly [Name in keyof (TestFixtures & ResourceFixtures)]: FixtureFunction<(TestFixtures & ResourceFixtures)[Name]>
}

/**
 * What {@link test} has more than Vitest's own `test`, to extend another one with.
 *
 * @example
 * import { test as base } from './my-test.js'
 * import { fixtures } from '@heddle/vitest'
 *
 * const test = base.extend(fixtures)
 */
export const fixtures: FixtureFunctions = {
  ...resourceFixtures(),
  slot: given(slot),
  runId: given(runId),
  workerId: given(workerId),
  namespace: given(namespace),
  tempDir: given(tempDir),
  port: given(port),
  socketPath: given(socketPath),
  env: given(() => env),
  logger: async ({ task }, use) => {
    await use(createLogger(task.name))
  },
}

/**
 * Vitest's `test`, which gives each test what nobody else has, if the test asks for it.
 *
 * @throws HeddleError `HEDDLE_NOT_CONFIGURED` when used without heddle in the Vitest config
 *
 * @example
 * import { test } from '@heddle/vitest'
 *
 * test('writes a report', async ({ tempDir }) => {
 *   await report({ into: tempDir })
 * })
 */
export const test: TestAPI<TestFixtures & ResourceFixtures> = extendedTest()

/**
 * {@link test}
 *
 * @alias
 */
export const it: TestAPI<TestFixtures & ResourceFixtures> = test

/** One for each name in the config, which the main process has told. */
function resourceFixtures(): { readonly [Name in keyof ResourceFixtures]: FixtureFunction<ResourceFixtures[Name]> } {
  const names = workerSide()?.resourceNames ?? []
  return Object.fromEntries(names.map((name) => [name, given(() => configuredWorker(name).handleOfResource(name))]))
}

function given<T>(make: () => T | Promise<T>): FixtureFunction<T> {
  // Vitest reads from the source of a fixture what it needs, and demands the braces.
  // oxlint-disable-next-line no-empty-pattern
  return async ({}, use) => {
    await use(await make())
  }
}

/** The Vitest config, too, imports this module, and there is no test. */
function extendedTest(): TestAPI<TestFixtures & ResourceFixtures> {
  const worker = workerSide()
  return worker === undefined ? refusingTest() : (worker.test as unknown as TestAPI).extend(fixtures)
}

function refusingTest(): TestAPI<TestFixtures & ResourceFixtures> {
  const refuse = (): never => configuredWorker('test') as never
  return new Proxy(refuse, {
    get: (target, key, receiver) => (typeof key === 'symbol' ? Reflect.get(target, key, receiver) : refuse()),
  }) as unknown as TestAPI<TestFixtures & ResourceFixtures>
}
