import type { Client } from 'pg'

/** What tells how to reach a server of our own. */
export interface ServerAddress {
  readonly port: number
  readonly password: string
  /** The data directory. */
  readonly data: string
}

/** Of the database for administration. */
export function urlOf({ port, password }: Omit<ServerAddress, 'data'>): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
}

/** Whether it lets us in: nobody else knows the password. */
export async function answers(address: ServerAddress): Promise<boolean> {
  return withSession(address, async () => true).catch(() => false)
}

/** What every clone of every run leaves in the catalogs that all databases share; nothing else ever cleans them up. */
export async function vacuumShared(address: ServerAddress): Promise<void> {
  const tables = 'pg_database, pg_shdepend, pg_shdescription, pg_db_role_setting'
  await withSession(address, async (client) => void (await client.query(`vacuum ${tables}`)))
}

async function withSession<T>(address: ServerAddress, use: (client: Client) => Promise<T>): Promise<T> {
  const { Client: PgClient } = await import('pg')
  const client = new PgClient({
    connectionString: urlOf(address),
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
