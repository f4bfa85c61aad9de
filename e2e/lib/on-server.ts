import { Client } from 'pg'
import { POSTGRES_URL } from './engines.js'

/** Asks PostgreSQL, past heddle. */
export async function onServer(sql: string, url = POSTGRES_URL): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

export async function databasesLike(pattern: string): Promise<string[]> {
  const rows = await onServer(`select datname from pg_database where datname like '${pattern}' order by 1`)
  return rows.map(({ datname }) => String(datname))
}
