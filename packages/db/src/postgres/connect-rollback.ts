import { Client } from 'pg'

const DEFERRED = `SELECT DISTINCT format('%I.%I', n.nspname, c.conname) AS name
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.condeferred`

/** A connection for everything that a test does. */
export interface ConnectedRollback {
  readonly client: Client
  /** Constraints that are looked at when a transaction ends. */
  readonly deferred: readonly string[]
}

export async function connectRollback(url: string): Promise<ConnectedRollback> {
  const client = new Client({ connectionString: url, application_name: 'heddle rollback' })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query<{ name: string }>(DEFERRED)
  return { client, deferred: rows.map(({ name }) => name) }
}
