import { HeddleError, reasonOf } from '@heddle/core'
import { newMarker } from '../common/marker.js'
import { templateName } from '../common/names.js'
import type { MigrationFile, MigrationPlan } from '../common/plan-migrations.js'
import { quoteBackticked as quote } from '../common/quote.js'
import { runMigrations, runOwn } from '../common/run-migrations.js'
import type { MigrationTarget } from '../common/migration-options.js'
import { shortHash } from '../common/short-hash.js'
import type { MysqlServer } from './mysql-server.js'
import { openSession, type MysqlSession } from './mysql-session.js'
import { dropRegistered, readRegistry, register } from './registry.js'
import { splitDelimiters } from './split-delimiters.js'

/** Raised when what is written into a template, or how, becomes another. */
const FORMAT = '1'
const LOCK_S = 600

/**
 * The template with these migrations and this seed, made if nobody has made it. Whoever comes first makes it, the others wait;
 * one that was left half-made is made anew.
 *
 * @returns its name
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED`
 */
export async function ensureTemplate(
  server: MysqlServer,
  plan: MigrationPlan<MigrationTarget>,
  { isAnew = false } = {},
): Promise<string> {
  const { admin, options, version } = server
  const name = templateName(shortHash([FORMAT, version, plan.hash, String(options.seed)], 10))
  const [locked] = await admin.rows('SELECT GET_LOCK(?, ?) AS isMine', [name, LOCK_S])
  if (Number(locked?.['isMine']) !== 1) throw waitedTooLong(name)
  try {
    if (isAnew || !(await isComplete(admin, name))) await build(server, name, plan)
    const now = new Date().toISOString()
    await register(admin, { name, marker: newMarker('template', server.maker, { owner: server.owner, usedAt: now }) })
  } finally {
    await admin.rows('SELECT RELEASE_LOCK(?)', [name])
  }
  return name
}

async function build(server: MysqlServer, name: string, plan: MigrationPlan<MigrationTarget>): Promise<void> {
  const { admin, mysql2, url } = server
  await dropRegistered(admin, name)
  await register(admin, { name, marker: newMarker('template', server.maker, { owner: server.owner }) })
  await admin.rows(`CREATE DATABASE ${quote(name)}`)
  const session = await openSession(mysql2, url, name)
  try {
    await session.script('SET SESSION sql_mode = DEFAULT')
    await fill(server, { name, session }, plan)
  } catch (error) {
    await dropRegistered(admin, name)
    throw error
  } finally {
    await session.end()
  }
}

async function fill(
  { options, urlOf, context }: MysqlServer,
  { name, session }: { readonly name: string; readonly session: MysqlSession },
  plan: MigrationPlan<MigrationTarget>,
): Promise<void> {
  const url = urlOf(name)
  const place = { name: context.name, root: context.root, signal: context.signal }
  const env = { ...context.env, DATABASE_URL: url, ...Object.fromEntries(options.env.map((key) => [key, url])) }
  await runMigrations(plan, { ...place, target: { url }, env, runFile: (file) => runFile(session, file) })
  const { seed } = options
  if (seed === undefined) return
  const client = {
    query: async (sql: string, values?: readonly unknown[]) => ({ rows: await session.rows(sql, values) }),
  }
  await runOwn(() => seed({ url, client }), { what: 'seed', name: context.name })
}

async function runFile(session: MysqlSession, { path, sql }: MigrationFile): Promise<void> {
  for (const part of splitDelimiters(sql)) {
    try {
      if (part.trim() !== '') await session.script(part)
    } catch (error) {
      if (String((error as { readonly code?: unknown }).code) === 'ER_EMPTY_QUERY') continue
      throw new HeddleError('HEDDLE_MIGRATION_FAILED', {
        problem: `Cannot run migration "${path}": ${reasonOf(error)}`,
        fix: 'mend the file; the template is made anew the next time.',
        cause: error,
      })
    }
  }
}

/** It says when it was last used, which it is told when it is complete. */
async function isComplete(admin: MysqlSession, name: string): Promise<boolean> {
  const known = (await readRegistry(admin)).find((entry) => entry.name === name)
  if (known?.marker.usedAt === undefined) return false
  const [row] = await admin.rows('SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', [name])
  return row !== undefined
}

function waitedTooLong(name: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_FAILED', {
    problem: `Cannot make template "${name}": another process has been at it for ${LOCK_S} s`,
    fix: 'look what it does (SHOW PROCESSLIST), end it, and run again.',
  })
}
