import { join } from 'node:path'
import { HeddleError, type ResourceContext } from '@heddle/core'
import { planMigrations, type MigrationPlan } from '../common/plan-migrations.js'
import { runMigrations, runOwn } from '../common/run-migrations.js'
import { shortHash } from '../common/short-hash.js'
import { installReset } from '../postgres/reset/reset.js'
import { runSqlFile } from '../postgres/run-sql-file.js'
import { dumpTo } from './dump-to.js'
import { findExtensions } from './find-extensions.js'
import { findPglite } from './find-pglite.js'
import { loadPglite, type PgliteSetup } from './load-pglite.js'
import { ensureDump } from './pglite-dump.js'
import type { PgliteOptions, PgliteTarget } from './pglite-options.js'
import { sqlClientOf } from './sql-client-of.js'

/** To be raised whenever a dump is made otherwise than before. */
const FORMAT = 3

/**
 * Finds what every instance starts from, or makes it.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_FAILED`, `HEDDLE_MIGRATION_FAILED`
 */
export async function openPglite(context: ResourceContext, options: PgliteOptions): Promise<PgliteSetup> {
  const { name, root } = context
  const pglite = findPglite(root)
  if (pglite === undefined) throw missing(name)
  const extensions = findExtensions(options.extensions ?? {}, [join(root, 'package.json'), pglite.file])
  const plan = await planMigrations<PgliteTarget>(options.migrations, { name, root })
  const { version: own } = require('../../package.json') as { readonly version: string }
  const hash = shortHash([FORMAT, own, plan.hash, options.seed, JSON.stringify(extensions)].map(String), 10)
  const setup = { file: pglite.file, extensions }
  const write = (file: string): Promise<void> => writeDump(file, { ...context, setup, plan, seed: options.seed })
  return { ...setup, dump: await ensureDump(context, { hash, version: pglite.version, write }) }
}

interface DumpWork extends Pick<ResourceContext, 'name' | 'root' | 'env' | 'signal'> {
  readonly setup: PgliteSetup
  readonly plan: MigrationPlan<PgliteTarget>
  readonly seed: PgliteOptions['seed']
}

async function writeDump(file: string, { setup, plan, seed, ...at }: DumpWork): Promise<void> {
  const client = await loadPglite(setup)
  try {
    const session = sqlClientOf(client)
    const target = { client }
    await runMigrations(plan, { ...at, target, runFile: (each) => runSqlFile(session, each) })
    if (seed !== undefined) await runOwn(() => seed(target), { what: 'seed', name: at.name })
    await session.query('reset all; analyze')
    await installReset(session)
    await dumpTo(client, file)
  } finally {
    await client.close()
  }
}

function missing(name: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot open PGlite for resource "${name}": it is not installed`,
    fix: 'npm i -D @electric-sql/pglite',
  })
}
