import { quoteIdentifier } from '../common/quote.js'
import type { SqlClient } from './sql-client.js'

const RELATIONS = `from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', '_heddle') and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')`

/**
 * Lets a role use what the migrations made. If they have granted it anything themselves, that is all it gets: then tests find
 * what is missing.
 */
export async function grantRole(client: SqlClient, role: string): Promise<void> {
  const { rows } = await client.query<{ granted: boolean }>(
    `select exists (select 1 ${RELATIONS} and exists (
       select 1 from aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee where r.rolname = $1)) as granted`,
    [role],
  )
  if (rows[0]?.granted === true) return
  const name = quoteIdentifier(role)
  const grants = await client.query<{ on: string }>(GRANTABLE)
  await client.query(grants.rows.map((grant) => `grant ${grant.on} to ${name}`).join(';\n'))
}

/** Only what is ours: extensions bring things that belong to others. */
const GRANTABLE = `select 'usage on schema ' || quote_ident(nspname) as on from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', '_heddle') and pg_has_role(nspowner, 'USAGE')
  union all
  select case c.relkind when 'S' then 'usage, select, update on sequence ' else 'select, insert, update, delete, truncate on table ' end
    || format('%I.%I', n.nspname, c.relname) ${RELATIONS} and pg_has_role(c.relowner, 'USAGE')`
