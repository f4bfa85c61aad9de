import type { SqlClient } from '../sql-client.js'
import { quoteLiteral } from '../../common/quote.js'
import type { Relation, SequenceState } from './relation.js'

/** How many rows each relation has, by id. */
export async function readCounts(
  template: SqlClient,
  relations: readonly Relation[],
): Promise<ReadonlyMap<number, number>> {
  const readable = relations.filter((relation) => !relation.isView || relation.isPopulated)
  if (readable.length === 0) return new Map()
  const parts = readable.map(({ id, name }) => `SELECT ${id} AS id, count(*)::text AS count FROM ONLY ${name}`)
  const { rows } = await template.query<{ id: number; count: string }>(parts.join(' UNION ALL '))
  return new Map(rows.map(({ id, count }) => [id, Number(count)]))
}

/** Views that would be others if they were refreshed: older than their tables, or made of the time or of chance. */
export async function readStale(template: SqlClient, relations: readonly Relation[]): Promise<ReadonlySet<number>> {
  const stale = new Set<number>()
  for (const { id, oid, name } of relations.filter((relation) => relation.isView && relation.isPopulated)) {
    const definition = await template.query<{ sql: string }>(`SELECT rtrim(pg_get_viewdef(${oid}), ';') AS sql`)
    const numbered = (from: string) =>
      `(SELECT t::text AS row, row_number() OVER (PARTITION BY t::text) AS number FROM ${from} t)`
    const { rows } = await template.query(`SELECT 1 FROM ${numbered(name)} a
      FULL JOIN ${numbered(`(${definition.rows[0]?.sql ?? ''})`)} b ON a.row = b.row AND a.number = b.number
      WHERE a.row IS NULL OR b.row IS NULL LIMIT 1`)
    if (rows.length > 0) stale.add(id)
  }
  return stale
}

const SEQUENCES = `
SELECT c.oid::int8::text AS oid, format('%I.%I', n.nspname, c.relname) AS name, n.nspname || '.' || c.relname AS label,
  pg_has_role(c.relowner, 'USAGE') AS "isOurs", s.seqcache > 1 AS "isCached"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE c.relpersistence <> 't' AND n.nspname <> '_heddle' AND (pg_has_role(c.relowner, 'USAGE') OR NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
ORDER BY c.oid`

interface SequenceRow {
  readonly oid: string
  readonly name: string
  readonly label: string
  readonly isOurs: boolean
  readonly isCached: boolean
}

/** Where the sequences are. A session that takes numbers ahead would keep those of an earlier test: they are told not to. */
export async function readSequences(template: SqlClient): Promise<readonly (SequenceState & { isOurs: boolean })[]> {
  const { rows } = await template.query<SequenceRow>(SEQUENCES)
  if (rows.length === 0) return []
  for (const { name } of rows.filter((row) => row.isCached && row.isOurs)) {
    await template.query(`ALTER SEQUENCE ${name} CACHE 1`)
  }
  const parts = rows.map(
    ({ name, oid }) =>
      `SELECT ${quoteLiteral(oid)} AS oid, last_value::text AS last, is_called AS "isCalled" FROM ${name}`,
  )
  const states = await template.query<{ oid: string; last: string; isCalled: boolean }>(parts.join(' UNION ALL '))
  const byOid = new Map(states.rows.map((state) => [state.oid, state]))
  return rows.map(({ oid, name, label, isOurs }) => {
    const { last = '1', isCalled = false } = byOid.get(oid) ?? {}
    return { oid: Number(oid), name, label, isOurs, last, isCalled }
  })
}
