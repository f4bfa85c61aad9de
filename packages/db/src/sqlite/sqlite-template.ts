import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { mkdir, open, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { HeddleError, reasonOf, type ResourceContext, type ResourceSurroundings } from '@heddle/core'
import { templateName } from '../common/names.js'
import { planMigrations, type MigrationFile, type MigrationPlan } from '../common/plan-migrations.js'
import { runMigrations, runOwn } from '../common/run-migrations.js'
import { shortHash } from '../common/short-hash.js'
import type { SqliteConnection, SqliteDriver } from './sqlite-driver.js'
import { filesIn, removeUnused, templateDir, writeOwner } from './template-files.js'
import { sqliteVariables, type SqliteOptions, type SqliteTarget } from './sqlite-options.js'

/** Raised when what is written into a template, or how, becomes another. */
const FORMAT = '1'

/** Where templates are, and who makes them. */
export interface TemplateUse {
  readonly surroundings: ResourceSurroundings & Pick<ResourceContext, 'signal'>
  readonly driver: SqliteDriver
  /** Also if there is one. */
  readonly isAnew?: boolean
}

/**
 * The file with these migrations and this seed, made if nobody has made it. It is there as a whole or not at all.
 *
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED`
 */
export async function ensureSqliteTemplate(options: SqliteOptions, use: TemplateUse): Promise<string> {
  const { surroundings, isAnew = false } = use
  const plan = await planMigrations<SqliteTarget>(options.migrations, surroundings)
  const dir = templateDir(surroundings)
  const file = join(dir, `${templateName(shortHash([FORMAT, plan.hash, String(options.seed)], 10))}.db`)
  await mkdir(dir, { recursive: true })
  const holder = `sqlite ${randomBytes(6).toString('hex')}`
  const lease = await surroundings
    .leases()
    .acquire({ name: `SQLite templates in ${dir}`, scope: 'machine' }, { holder })
  try {
    // Whoever was at it has been killed: nobody else is, while this process holds the lease.
    for (const name of await filesIn(dir)) if (name.includes('.tmp')) await rm(join(dir, name), { force: true })
    if (isAnew || !isThere(file)) await build(file, plan, { options, ...use })
    await utimes(file, new Date(), new Date())
    await writeOwner(file, surroundings)
    await removeUnused(dir)
  } finally {
    await lease.release()
  }
  return file
}

/** An empty one is none: SQLite makes such a file of one that is missing. */
function isThere(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0
}

async function build(
  file: string,
  plan: MigrationPlan<SqliteTarget>,
  { options, surroundings, driver }: TemplateUse & { readonly options: SqliteOptions },
): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`
  const whole = `${file}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const connection = driver.open(temporary)
    try {
      connection.exec('PRAGMA synchronous = OFF')
      await fill({ connection, file: temporary }, plan, { options, surroundings, driver })
      // One file, whatever the migrations made of the journal.
      connection.all('VACUUM INTO ?', whole)
    } finally {
      connection.close()
    }
    await saveToDisk(whole)
    await rename(whole, file)
  } finally {
    for (const end of ['', '-journal', '-wal', '-shm']) await rm(`${temporary}${end}`, { force: true })
    await rm(whole, { force: true })
  }
}

/** What has its final name is to be whole, also when the power fails. */
async function saveToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function fill(
  { connection, file }: { readonly connection: SqliteConnection; readonly file: string },
  plan: MigrationPlan<SqliteTarget>,
  { options, surroundings }: TemplateUse & { readonly options: SqliteOptions },
): Promise<void> {
  const { name, root, signal, env } = surroundings
  const target = { file, url: `file:${file}` }
  const variables = { ...env, DATABASE_URL: target.url, ...sqliteVariables(options.env, target) }
  const runFile = async (migration: MigrationFile): Promise<void> => runSql(connection, migration)
  await runMigrations(plan, { name, root, signal, target, env: variables, runFile })
  const { seed } = options
  if (seed === undefined) return
  const query = (sql: string, values: readonly unknown[] = []) => ({ rows: connection.all(sql, ...values) })
  await runOwn(() => seed({ ...target, client: { exec: (sql) => connection.exec(sql), query } }), {
    what: 'seed',
    name,
  })
}

function runSql(connection: SqliteConnection, { path, sql }: MigrationFile): void {
  try {
    connection.exec(sql)
  } catch (error) {
    throw new HeddleError('HEDDLE_MIGRATION_FAILED', {
      problem: `Cannot run migration "${path}": ${reasonOf(error)}`,
      fix: 'mend the file; the template is made anew the next time.',
      cause: error,
    })
  }
}
