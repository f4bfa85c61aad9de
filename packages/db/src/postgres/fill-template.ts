import { HeddleError } from '@heddle/core'
import { runMigrations, runOwn } from '../common/run-migrations.js'
import { grantRole } from './grant-role.js'
import { installReset } from './reset/reset.js'
import { runSqlFile } from './run-sql-file.js'
import { Session } from './session.js'
import type { TemplateRecipe } from './template-recipe.js'

/**
 * Makes a template of an empty database: migrates, seeds, and prepares it for being reset.
 *
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED`, and the reason of the signal
 */
export async function fillTemplate(url: string, recipe: TemplateRecipe, signal: AbortSignal): Promise<void> {
  const { name, root, plan, seed, role } = recipe
  const client = await Session.open({ name, url })
  const target = { url, tablePrefix: '' }
  const variables = Object.fromEntries(['DATABASE_URL', ...recipe.variables].map((variable) => [variable, url]))
  const env = { ...recipe.env, ...variables }
  const runFile = (file: { readonly path: string; readonly sql: string }): Promise<void> => runSqlFile(client, file)
  try {
    await runMigrations(plan, { name, root, target, env, signal, runFile })
    if (seed !== undefined) await runOwn(() => seed({ ...target, client }), { what: 'seed', name })
    signal.throwIfAborted()
    if (await client.isInTransaction()) throw openTransactionError(name)
    await client.query('reset all; reset session authorization')
    if (role !== undefined) await grantRole(client, role)
    await client.query('analyze')
    await installReset(client)
  } finally {
    await client.close()
  }
}

function openTransactionError(name: string): HeddleError {
  return new HeddleError('HEDDLE_MIGRATION_FAILED', {
    problem: `Cannot make the template of resource "${name}": migrations or seed left a transaction open`,
    fix: 'add the COMMIT that is missing.',
  })
}
