import type { Fixtures } from '@heddle/core/fixtures'
import { expect, test } from 'vitest'
import { Block, stateOf } from '../fixtures/circus.js'
import type { CircusEnvironment, CircusEvent, CircusState, RuntimeGlobals } from './circus-types.js'
import type { FixturesOfFile } from './fixtures-of-file.js'
import { TestFile } from './test-file.js'

/** The place of a test, which knows whether its stack was read. */
function aPlace() {
  let reads = 0
  const place = {
    message: '',
    get stack() {
      reads++
      return `Error\n    at ${__filename}:1:1`
    },
  }
  return { place, reads: () => reads }
}

/** What of the sandbox is handed to tests. */
interface Installed {
  readonly serial: (...args: readonly unknown[]) => unknown
}

/** A file whose globals register as jest-circus does: with an event per test. */
function setUp() {
  const file = new TestFile({
    file: 'a.test.js',
    serial: undefined,
    groups: { names: [], held: { groups: [], slots: {} }, toTake: [], ofTest: undefined },
    checkGroups: () => undefined,
    slot: 1,
    runId: 'f00',
    fixtures: { functions: {} as Fixtures, followTests: () => undefined, resources: {} as FixturesOfFile['resources'] },
    leases: () => {
      throw new Error('nothing is to be taken')
    },
    stopWorker: undefined,
    print: () => undefined,
  })
  const environment: CircusEnvironment = { global: {} }
  file.attachTo(environment)
  const root = new Block()
  const state: CircusState = stateOf({ currentDescribeBlock: root })
  const send = (event: CircusEvent): unknown => environment.handleTestEvent?.(event, state)
  const { place, reads } = aPlace()
  const register = (name: unknown): void => {
    root.test(String(name), { asyncError: place })
    send({ name: 'add_test', asyncError: place })
  }
  const runtimeGlobals: RuntimeGlobals = { test: register, describe: () => undefined }
  send({ name: 'setup', runtimeGlobals })
  const [key] = Object.getOwnPropertySymbols(environment.global)
  const { serial } = Reflect.get(environment.global, key ?? '') as Installed
  return { register, serial, reads }
}

test('the stack of an ordinary test is not read, which would cost every test two milliseconds', () => {
  const { register, reads } = setUp()
  register('an ordinary test')
  expect(reads()).toBe(0)
})

test('the stack of a serial test is read, to hide the frames of heddle', () => {
  const { serial, reads } = setUp()
  serial('a serial test', () => undefined)
  expect(reads()).toBeGreaterThan(0)
})
