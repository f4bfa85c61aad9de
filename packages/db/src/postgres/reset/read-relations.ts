import type { SqlClient } from '../sql-client.js'
import type { ForeignKey, Relation } from './relation.js'

/** Tables of the user's, wherever they are. Those of an extension only if they are ours to write to. */
const RELATIONS = `
SELECT row_number() OVER (ORDER BY c.oid)::int AS id, c.oid::int8::text AS oid,
  format('%I.%I', n.nspname, c.relname) AS name, n.nspname || '.' || c.relname AS label,
  c.relkind = 'm' AS "isView", c.relispopulated AS "isPopulated", c.relispartition AS "isPartition",
  EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) AS "hasChildren",
  c.relforcerowsecurity AND c.relrowsecurity AND NOT (
    SELECT r.rolsuper OR r.rolbypassrls FROM pg_roles r WHERE r.rolname = current_user) AS "isForcingPolicies",
  CASE
    WHEN NOT pg_has_role(c.relowner, 'USAGE') THEN 'it belongs to the role "' || pg_get_userbyid(c.relowner) || '"'
    WHEN c.relkind = 'r' AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
      AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
      THEN 'its owner may not read, insert, update and delete'
  END AS obstacle,
  (SELECT coalesce(json_agg(json_build_object('name', quote_ident(a.attname), 'isGenerated', a.attgenerated <> '',
      'isAlwaysIdentity', a.attidentity = 'a') ORDER BY a.attnum), '[]')
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
  coalesce((SELECT json_agg(quote_ident(a.attname) ORDER BY k.place)
    FROM (SELECT i.indkey, i.indnkeyatts FROM pg_index i
      WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND NOT EXISTS (SELECT FROM unnest(i.indkey[0:i.indnkeyatts - 1]) u JOIN pg_attribute a
          ON a.attrelid = c.oid AND a.attnum = u WHERE NOT a.attnotnull)
      ORDER BY i.indisprimary DESC, i.indexrelid LIMIT 1) x,
      unnest(x.indkey[0:x.indnkeyatts - 1]) WITH ORDINALITY k(attnum, place)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum), '[]') AS key,
  (SELECT coalesce(json_agg(json_build_object('name', quote_ident(t.tgname), 'enabled', t.tgenabled,
      'isForRows', t.tgtype & 1 = 1, 'isOnDelete', t.tgtype & 8 = 8, 'isInternal', t.tgisinternal) ORDER BY t.oid), '[]')
    FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled <> 'D' AND t.tgenabled <> 'R' AND t.tgconstraint = 0
      OR t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')) AS triggers,
  (SELECT coalesce(json_agg(json_build_object('name', quote_ident(r.rulename), 'enabled', r.ev_enabled) ORDER BY r.oid), '[]')
    FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1' AND r.ev_enabled IN ('O', 'A')) AS rules
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', '_heddle') AND n.nspname !~ '^pg_(toast|temp)'
  AND (pg_has_role(c.relowner, 'USAGE') OR NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
ORDER BY c.oid`

/** Between tables that have rows: a key of a partitioned table is one of each of its leaves. */
const FOREIGN_KEYS = `
WITH leaves AS (
  SELECT c.oid AS root, t.relid::oid AS leaf FROM pg_class c, pg_partition_tree(c.oid) t WHERE c.relkind = 'p' AND t.isleaf
  UNION SELECT oid, oid FROM pg_class WHERE relkind = 'r')
SELECT f.leaf::int8::text AS "from", t.leaf::int8::text AS "to",
  bool_or(k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd')) AS "isActing"
FROM pg_constraint k JOIN leaves f ON f.root = k.conrelid JOIN leaves t ON t.root = k.confrelid
WHERE k.contype = 'f' GROUP BY 1, 2`

/** What a template has that rows can be in, in the order in which it was made. */
export async function readRelations(template: SqlClient): Promise<readonly Relation[]> {
  const { rows } = await template.query<Omit<Relation, 'oid'> & { readonly oid: string }>(RELATIONS)
  return rows.map((row) => ({ ...row, oid: Number(row.oid) }))
}

export async function readForeignKeys(template: SqlClient): Promise<readonly ForeignKey[]> {
  const { rows } = await template.query<{ from: string; to: string; isActing: boolean }>(FOREIGN_KEYS)
  return rows.map(({ from, to, isActing }) => ({ from: Number(from), to: Number(to), isActing }))
}
