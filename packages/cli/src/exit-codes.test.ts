import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { EXIT_CODES, exitCodeOf } from './exit-codes.js'

it('agrees with docs/errors.md, which has one section per code', () => {
  const docs = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  const sections = docs.matchAll(/^## (HEDDLE_\w+)\n[^#]*?^Exit code: (\d+)/gm)
  const documented = Object.fromEntries(Array.from(sections, ([, code, exit]) => [code, Number(exit)]))
  expect(documented).toEqual(EXIT_CODES)
})

it('takes a code of a newer core for a problem of the environment', () => {
  expect(exitCodeOf('HEDDLE_NEW' as 'HEDDLE_USAGE')).toBe(3)
})
