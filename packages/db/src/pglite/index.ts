import { join } from 'node:path'
import { defineResource, type Resource } from '@heddle/core'
import type { PgliteSetup } from './load-pglite.js'
import type { PgliteHandle } from './pglite-handle.js'
import { checkPgliteOptions, type PgliteOptions } from './pglite-options.js'

export type { PgliteHandle } from './pglite-handle.js'
export type { PgliteMigrations, PgliteOptions, PgliteTarget } from './pglite-options.js'

/**
 * A PGlite in the process of every worker, migrated once and clean for every test: for code that takes a client. Code that takes a
 * URL has it through `postgres({ server: 'pglite' })`.
 *
 * @throws HeddleError `HEDDLE_OPTIONS_INVALID`; what starting it throws, each file that uses it fails with:
 *   `HEDDLE_RESOURCE_FAILED`, `HEDDLE_MIGRATION_FAILED`
 *
 * @example
 * // heddle.config.ts
 * import { pglite } from '@heddle/db/pglite'
 * export default { resources: { main: pglite({ migrations: 'migrations/*.sql' }) } }
 *
 * // users.test.ts
 * test('creates a user', async ({ main }) => {
 *   await createUser(main.client, { email: 'a@b.c' })
 *   expect(await main.rows`select email from users`).toEqual([{ email: 'a@b.c' }])
 * })
 */
export function pglite(options: PgliteOptions = {}): Resource<PgliteHandle> {
  checkPgliteOptions(options)
  const resource = defineResource({
    kind: 'pglite',
    files: options.files,
    perTest: options.perTest ?? 'reset',
    start: async (context): Promise<PgliteSetup> => (await import('./open-pglite.js')).openPglite(context, options),
    create: (_, setup: PgliteSetup): PgliteSetup => ({ ...setup }),
    // It is in the worker, and is cleaned there.
    reset: () => undefined,
    worker: join(__dirname, 'worker.js'),
  })
  return resource as Resource as Resource<PgliteHandle>
}
