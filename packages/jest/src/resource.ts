import type { ResourceFunction } from '@heddle/core/fixtures'
import { copiedHandle } from './copied-handle.js'
import { installedHeddle, type InstalledHeddle } from './installed-heddle.js'
import { refuseWithoutHeddle } from './not-configured.js'

/**
 * A resource of heddle.config, by its name there: a function that gives what the test that asks has of it, or, outside of
 * tests, what the file has. Call `resource` at the top of the file; options are for the tests of this file.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_INVALID`, `HEDDLE_NOT_CONFIGURED`
 *
 * @example
 * const { resource } = require('@heddle/jest')
 *
 * const main = resource('main', { perTest: 'clone' })
 *
 * test('creates a user', async () => {
 *   expect(await main().rows`select email from users`).toEqual([])
 * })
 */
export const resource: ResourceFunction = (name, options = {}) => {
  const what = `resource('${name}')`
  const { resources } = here(what)
  resources.declare(name, options)
  return () => copiedHandle(resources.handleOf(name)) as never
}

function here(what: string): InstalledHeddle {
  return installedHeddle() ?? refuseWithoutHeddle(what)
}
