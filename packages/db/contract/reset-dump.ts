import type { SqlClient } from '../src/postgres/sql-client.js'

const RELATIONS = `
SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind::text AS kind, c.relispopulated AS "isPopulated"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'S') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', '_heddle') AND n.nspname !~ '^pg_(toast|temp)'
ORDER BY 1`

/** How tables are set up: what a reset switches for its time must be as before. */
const SWITCHES = `
SELECT concat('t', tgrelid, ' ', tgname, tgenabled) AS row FROM pg_trigger
UNION ALL SELECT concat('r', ev_class, rulename, ev_enabled) FROM pg_rewrite WHERE ev_class >= 16384
UNION ALL SELECT concat('c', oid, relrowsecurity, relforcerowsecurity) FROM pg_class WHERE relkind = 'r' AND relpersistence <> 't'
ORDER BY 1`

/** All that a database holds, as lines that can be compared. Read by whoever policies do not concern. */
export async function dump(session: SqlClient): Promise<readonly string[]> {
  const lines: string[] = []
  const relations = await session.query<{ name: string; kind: string; isPopulated: boolean }>(RELATIONS)
  for (const { name, kind, isPopulated } of relations.rows) {
    if (kind === 'm' && !isPopulated) lines.push(`${name} unpopulated`)
    else lines.push(...(await rowsOf(session, name, kind)))
  }
  const objects = await session.query<{ row: string }>(
    `SELECT oid || ' ' || lomowner || ' ' || lo_get(oid)::text AS row FROM pg_largeobject_metadata ORDER BY 1`,
  )
  const switches = await session.query<{ row: string }>(SWITCHES)
  return [...lines, ...objects.rows.map(({ row }) => `object ${row}`), ...switches.rows.map(({ row }) => row)]
}

async function rowsOf(session: SqlClient, name: string, kind: string): Promise<readonly string[]> {
  const row = kind === 'S' ? `last_value || ' ' || is_called` : 't::text'
  const { rows } = await session.query<{ row: string }>(`SELECT ${row} AS row FROM ONLY ${name} t ORDER BY 1`)
  return rows.map((one) => `${name} ${one.row}`)
}
