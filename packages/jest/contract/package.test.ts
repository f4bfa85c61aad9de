import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** Resolves the package as its users do, by its exports. */
const requireBuilt = createRequire(__filename)

test('require gives withHeddle', () => {
  const { withHeddle, ...others } = requireBuilt('@heddle/jest') as Record<string, unknown>
  expect(typeof withHeddle).toBe('function')
  expect(others).toEqual({})
})

test('withHeddle is a named import of an ES module', () => {
  const script = `import { withHeddle } from '@heddle/jest'; console.log(withHeddle({}).testSequencer)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: dirname(__dirname),
    encoding: 'utf8',
  })
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
  for (const entry of ['index', 'sequencer', 'runner']) {
    const file = join(dirname(__dirname), 'dist', `${entry}.js`)
    expect(() => execFileSync(process.execPath, ['--eval', `require(${JSON.stringify(file)})`])).not.toThrow()
  }
})
