import { claimOf } from '@heddle/core/serial'
import { expect, test } from 'vitest'
import { Block } from '../fixtures/circus.js'
import type { CircusTest } from './circus-types.js'
import { ClaimRegistry } from './claim-registry.js'

const LEDGER = claimOf('ledger', 'exclusive')
const SMTP = claimOf('smtp', 'exclusive')

/** Registers tests and blocks as Jest does when it is called. */
class Definition {
  readonly registry = new ClaimRegistry()

  test(parent: Block, name: string): CircusTest {
    const one = parent.test(name)
    this.registry.addTest(one)
    return one
  }

  describe(parent: Block, name: string, define: (block: Block) => void): Block {
    const block = parent.describe(name)
    this.registry.enterBlock(block)
    define(block)
    this.registry.leaveBlock()
    return block
  }
}

test('every test registered by one call has its claim, and none after it', () => {
  const definition = new Definition()
  const { registry } = definition
  const root = new Block()
  const rows = registry.register({ what: 'tests', claim: LEDGER }, () => [
    definition.test(root, 'row 1'),
    definition.test(root, 'row 2'),
  ]) as CircusTest[]
  expect(rows.map((row) => registry.claimOf(row))).toEqual([LEDGER, LEDGER])
  expect(registry.claimOf(definition.test(root, 'plain'))).toBeUndefined()
})

test('the claim of a block is not that of its tests, which may have their own', () => {
  const definition = new Definition()
  const { registry } = definition
  const tests: CircusTest[] = []
  const [first, second] = registry.register({ what: 'block', claim: LEDGER }, () =>
    [1, 2].map((n) =>
      definition.describe(new Block(), `row ${n}`, (block) => {
        tests.push(definition.test(block, 'plain'))
        registry.register({ what: 'tests', claim: SMTP }, () => tests.push(definition.test(block, 'own')))
        definition.describe(block, 'inner', (inner) => tests.push(definition.test(inner, 'deep')))
      }),
    ),
  ) as Block[]
  expect([first, second].map((block) => block && registry.claimOf(block))).toEqual([LEDGER, LEDGER])
  expect(tests.map((one) => registry.claimOf(one))).toEqual([undefined, SMTP, undefined, undefined, SMTP, undefined])
  expect(tests.map((one) => registry.around(one))).toEqual(tests.map(() => [LEDGER]))
})

test('a call that throws leaves nothing behind', () => {
  const definition = new Definition()
  const { registry } = definition
  const fail = (): never => {
    throw new Error('no')
  }
  expect(() => registry.register({ what: 'tests', claim: LEDGER }, fail)).toThrow('no')
  expect(registry.claimOf(definition.test(new Block(), 'plain'))).toBeUndefined()
})

const API = { name: 'api', limit: 1, scope: 'run', permits: 'all' } as const

test('a test takes the groups of its full name together with its key', () => {
  const registry = new ClaimRegistry((name) => (name === 'block pays' ? [API] : []))
  const block = new Block().describe('block')
  const [pays, other] = [block.test('pays'), block.test('other')]
  registry.register({ what: 'tests', claim: LEDGER }, () => registry.addTest(pays))
  expect(registry.addTest(other)).toBe(false)
  expect(registry.claimOf(pays)).toEqual({ groups: [API], serial: LEDGER })
  expect(registry.claimOf(other)).toBeUndefined()
})

test('a serial block takes the groups of the tests in it that will run; any other block takes nothing', () => {
  const registry = new ClaimRegistry((name) => (name.endsWith('pays') ? [API] : []))
  const [serial, plain] = [new Block('serial', new Block()), new Block('plain', new Block())]
  registry.register({ what: 'block', claim: LEDGER }, () => registry.enterBlock(serial))
  const tests = [serial.test('pays'), serial.test('adds')]
  for (const one of tests) expect(registry.addTest(one)).toBe(true)
  expect(registry.claimBlock(serial, tests)).toEqual({ groups: [API], serial: LEDGER })
  expect(registry.around(tests[1] ?? serial)).toEqual([{ groups: [API], serial: LEDGER }])
  expect(registry.claimBlock(serial, [])).toBeUndefined()
  const pays = plain.test('pays')
  registry.addTest(pays)
  expect(registry.claimBlock(plain, [pays])).toBeUndefined()
})
