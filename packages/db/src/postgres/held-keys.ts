import type { SqlClient } from './sql-client.js'

/** Keys of all advisory locks that are held on the server, in whichever database. */
export async function readHeldKeys(admin: SqlClient): Promise<Set<string>> {
  const { rows } = await admin.query<{ key: string }>(
    `select ((classid::bigint << 32) | objid::bigint)::text as key from pg_locks
     where locktype = 'advisory' and objsubid = 1 and granted`,
  )
  return new Set(rows.map(({ key }) => key))
}
