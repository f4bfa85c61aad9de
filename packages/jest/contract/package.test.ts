import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type * as Groups from '../src/groups.js'
import type { Serial } from '../src/serial-types.js'

/** Resolves the package as its users do, by its exports. */
const requireBuilt = createRequire(__filename)

/** What tests call to have something of their own. */
const FIXTURES = [
  'createLogger',
  'env',
  'isPortFree',
  'listen',
  'namespace',
  'port',
  'portBlock',
  'ports',
  'runId',
  'shared',
  'slot',
  'socketPath',
  'tempDir',
  'workerId',
]

test('require gives what tests and configs need', () => {
  const names = Object.keys(requireBuilt('@heddle/jest') as object)
  expect(names.sort()).toEqual([...FIXTURES, 'group', 'heddle', 'isSerial', 'resource', 'serial', 'withHeddle'].sort())
})

test('a test file that asks for serial loads one small module, until withHeddle is called', () => {
  const script = `
    const { serial, withHeddle } = require('@heddle/jest')
    const loaded = Object.keys(require.cache).map((file) => file.replace(/.*[\\\\/]/, ''))
    withHeddle({})
    const after = Object.keys(require.cache).length
    console.log(JSON.stringify({ loaded, hasMore: after > loaded.length }))`
  const { loaded, hasMore } = JSON.parse(runScript(script)) as { readonly loaded: string[]; readonly hasMore: boolean }
  expect(loaded).toEqual(['index.js'])
  expect(hasMore).toBe(true)
})

test('serial says what to do where heddle does not run, however it is called', () => {
  const { serial, isSerial } = requireBuilt('@heddle/jest') as {
    readonly serial: Serial
    readonly isSerial: () => boolean
  }
  const calls = [
    () => serial('name', () => undefined),
    () => serial('ledger')('name', () => undefined),
    () => serial.shared.describe.only('name', () => undefined),
    () => serial.file('ledger'),
  ]
  for (const call of calls) expect(call).toThrow(/^HEDDLE_NOT_CONFIGURED: [\s\S]*withHeddle\(\{ … \}\)/)
  expect(isSerial()).toBe(false)
})

test('group and heddle say what to do where heddle does not run', () => {
  const { group, heddle } = requireBuilt('@heddle/jest') as {
    readonly group: typeof Groups.group
    readonly heddle: typeof Groups.heddle
  }
  const uses: [string, () => unknown][] = [
    ['group', () => group('db')],
    ['group', () => group.exclusive('db')],
    ['heddle.slot', () => heddle.slot],
    ['heddle.runId', () => heddle.runId],
    ['heddle.workerId', () => heddle.workerId],
    ['heddle.groupSlot', () => heddle.groupSlot('db')],
  ]
  for (const [what, use] of uses) {
    expect(use).toThrow(`HEDDLE_NOT_CONFIGURED: Cannot use ${what}: heddle is not in the Jest config`)
  }
})

test('fixtures say what to do where heddle does not run', async () => {
  const functions = requireBuilt('@heddle/jest') as Readonly<Record<string, (...args: unknown[]) => unknown>>
  for (const name of FIXTURES) {
    const call = async (): Promise<unknown> => functions[name]?.({})
    await expect(call()).rejects.toThrow(
      `HEDDLE_NOT_CONFIGURED: Cannot use ${name}(): heddle is not in the Jest config`,
    )
  }
})

test('withHeddle is a named import of an ES module', () => {
  const script = `import { withHeddle } from '@heddle/jest'; console.log(withHeddle({}).testSequencer)`
  const printed = runScript(script, '--input-type=module')
  expect(printed.trim()).toBe(requireBuilt.resolve('@heddle/jest/sequencer'))
})

test('the sequencer is a class by itself, as Jest wants it', () => {
  const Sequencer = requireBuilt('@heddle/jest/sequencer') as { readonly prototype: object }
  const methods = Object.getOwnPropertyNames(Sequencer.prototype)
  expect(methods).toEqual(expect.arrayContaining(['shard', 'sort', 'allFailedTests', 'cacheResults']))
})

test("the runner is a subclass of the host's", () => {
  const Runner = requireBuilt('@heddle/jest/runner') as { readonly prototype: object }
  const Stock = (requireBuilt('jest-runner') as { readonly default: { readonly prototype: object } }).default
  expect(Object.getPrototypeOf(Runner.prototype)).toBe(Stock.prototype)
})

test('each entry loads alone', () => {
  for (const entry of ['index', 'sequencer', 'runner', 'test-runner']) {
    const file = join(dirname(__dirname), 'dist', `${entry}.js`)
    expect(() => execFileSync(process.execPath, ['--eval', `require(${JSON.stringify(file)})`])).not.toThrow()
  }
})

test('the test runner is a function by itself, as Jest wants it', () => {
  expect(requireBuilt('@heddle/jest/test-runner')).toBeTypeOf('function')
})

function runScript(script: string, ...flags: string[]): string {
  return execFileSync(process.execPath, [...flags, '--eval', script], { cwd: dirname(__dirname), encoding: 'utf8' })
}
