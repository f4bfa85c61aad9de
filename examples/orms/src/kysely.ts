import { promises as fs } from 'node:fs'
import path from 'node:path'
import { Kysely, PostgresDialect, type Generated } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { Pool } from 'pg'

interface Schema {
  readonly plans: { readonly id: Generated<number>; readonly name: string }
  readonly users: { readonly id: Generated<number>; readonly email: string; readonly plan_id: number }
}

const open = (connectionString: string | undefined): Kysely<Schema> =>
  new Kysely({ dialect: new PostgresDialect({ pool: new Pool({ connectionString, allowExitOnIdle: true }) }) })

export async function migrateKysely(url: string): Promise<void> {
  const db = open(url)
  const provider = new FileMigrationProvider({ fs, path, migrationFolder: path.resolve('kysely') })
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  await db.destroy()
  if (error !== undefined) throw error // It is returned, not thrown.
}

export const connect = () => open(process.env.KYSELY_URL)
