import { expect, test } from 'vitest'
import { fixtures, test as extended } from './extended-test.js'
import { port } from './fixtures.js'

test('where heddle is not in the config, it can be imported, but not be used', async () => {
  const refusal = /HEDDLE_NOT_CONFIGURED: Cannot use test: heddle is not in the Vitest config/
  expect(() => extended('a test', () => undefined)).toThrow(refusal)
  expect(() => extended.only).toThrow(refusal)
  expect(() => extended.extend({})).toThrow(refusal)
  expect(Object.prototype.toString.call(extended)).toBe('[object Function]')
  await expect(port()).rejects.toThrow(/HEDDLE_NOT_CONFIGURED: Cannot use port\(\)/)
})

test('fixtures have the form that Vitest reads', () => {
  for (const fixture of Object.values(fixtures)) expect(String(fixture)).toMatch(/^async \(\{.*\}, use\) =>/)
})
