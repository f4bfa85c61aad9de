import { FUNCTION_SETTINGS } from './settings.js'

/** Object ids below are PostgreSQL's own. */
const FIRST_OWN_OID = 16_384

/**
 * Catalogs with the column by which rows of the user's are told from PostgreSQL's, by index where there are many. Each statement
 * that changes a schema inserts, updates or deletes a row in one of them.
 */
const PROBED = [
  ['pg_class', 'oid'],
  ['pg_attribute', 'attrelid'],
  ['pg_attrdef', 'oid'],
  ['pg_constraint', 'oid'],
  ['pg_trigger', 'oid'],
  ['pg_proc', 'oid'],
  ['pg_type', 'oid'],
  ['pg_enum', 'oid'],
  ['pg_policy', 'oid'],
  ['pg_rewrite', 'oid'],
  ['pg_sequence', 'seqrelid'],
  ['pg_inherits', 'inhrelid'],
  ['pg_operator', 'oid'],
  ['pg_cast', 'oid'],
  ['pg_collation', 'oid'],
  ['pg_description', 'objoid'],
] as const

/** Catalogs that are short, or of which also what PostgreSQL made counts: rights to the schema `public`. */
const PROBED_WHOLE = [
  'pg_namespace',
  'pg_default_acl',
  'pg_extension',
  'pg_event_trigger',
  'pg_publication',
  'pg_statistic_ext',
] as const

/**
 * `_heddle.probe_schema(mark)`: a line that differs after everything that changes the schema, and also after some that does not
 * (TRUNCATE, temporary tables). How many rows the catalogs have, and how many of them are newer than the mark.
 */
export function schemaProbeSql(): string {
  const counted = (from: string) =>
    `(SELECT count(*) || ':' || count(*) FILTER (WHERE age(c.xmin) < age(mark)) FROM pg_catalog.${from})`
  const parts = [
    ...PROBED.map(([catalog, column]) => counted(`${catalog} c WHERE c.${column} >= ${FIRST_OWN_OID}`)),
    ...PROBED_WHOLE.map((catalog) => counted(`${catalog} c`)),
  ]
  return `CREATE FUNCTION _heddle.probe_schema(mark xid) RETURNS text LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET jit = off AS $heddle$
BEGIN
  RETURN concat_ws(' ', ${parts.join(',\n    ')});
END $heddle$`
}

const OF_RELATION = 'SELECT oid FROM own'

/** What is compared exactly: whole rows, but what VACUUM, ANALYZE, CLUSTER and TRUNCATE write. */
const COMPARED = [
  `SELECT 'class' k, c.oid::text || (to_jsonb(c) - '{relfilenode,relispopulated,relpages,reltuples,relallvisible,relallfrozen,reltoastrelid,relhasindex,relhasrules,relhastriggers,relhassubclass,relfrozenxid,relminmxid,relrewrite}'::text[])::text v FROM pg_class c WHERE c.oid IN (${OF_RELATION})`,
  `SELECT 'attribute', c::text FROM pg_attribute c WHERE c.attrelid IN (${OF_RELATION})`,
  `SELECT 'attrdef', c::text FROM pg_attrdef c WHERE c.adrelid IN (${OF_RELATION})`,
  `SELECT 'constraint', c::text FROM pg_constraint c WHERE c.conrelid = 0 OR c.conrelid IN (${OF_RELATION})`,
  `SELECT 'index', (to_jsonb(c) - '{indisclustered,indcheckxmin}'::text[])::text FROM pg_index c WHERE c.indrelid IN (${OF_RELATION})`,
  `SELECT 'trigger', c::text FROM pg_trigger c WHERE c.tgrelid IN (${OF_RELATION})`,
  `SELECT 'policy', c::text FROM pg_policy c WHERE c.polrelid IN (${OF_RELATION})`,
  `SELECT 'rewrite', c::text FROM pg_rewrite c WHERE c.ev_class IN (${OF_RELATION})`,
  `SELECT 'sequence', c::text FROM pg_sequence c WHERE c.seqrelid IN (${OF_RELATION})`,
  `SELECT 'inherits', c::text FROM pg_inherits c WHERE c.inhrelid IN (${OF_RELATION})`,
  `SELECT 'proc', c::text FROM pg_proc c WHERE c.oid >= ${FIRST_OWN_OID} AND c.pronamespace IN (SELECT oid FROM spaces)`,
  `SELECT 'type', c::text FROM pg_type c WHERE c.oid >= ${FIRST_OWN_OID} AND c.typnamespace IN (SELECT oid FROM spaces)`,
  `SELECT 'enum', c::text FROM pg_enum c`,
  `SELECT 'operator', c::text FROM pg_operator c WHERE c.oid >= ${FIRST_OWN_OID}`,
  `SELECT 'cast', c::text FROM pg_cast c WHERE c.oid >= ${FIRST_OWN_OID}`,
  `SELECT 'collation', c::text FROM pg_collation c WHERE c.oid >= ${FIRST_OWN_OID}`,
  `SELECT 'description', c::text FROM pg_description c WHERE c.objoid >= ${FIRST_OWN_OID}`,
  `SELECT 'namespace', c::text FROM pg_namespace c WHERE c.oid IN (SELECT oid FROM spaces)`,
  `SELECT 'default_acl', c::text FROM pg_default_acl c`,
  `SELECT 'extension', c::text FROM pg_extension c`,
  `SELECT 'event_trigger', c::text FROM pg_event_trigger c`,
  `SELECT 'publication', c::text FROM pg_publication c`,
  `SELECT 'statistic_ext', c::text FROM pg_statistic_ext c`,
]

/** `_heddle.hash_schema()`: another after every change of the schema, and the same after everything else. Dear. */
export function schemaHashSql(): string {
  return `CREATE FUNCTION _heddle.hash_schema() RETURNS text LANGUAGE sql STABLE
${FUNCTION_SETTINGS} AS $heddle$
  WITH spaces AS MATERIALIZED (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)'),
    own AS MATERIALIZED (
      SELECT oid FROM pg_class
      WHERE oid >= ${FIRST_OWN_OID} AND relpersistence <> 't' AND relnamespace IN (SELECT oid FROM spaces))
  SELECT count(*) || ' ' || sum(hashtextextended(k || ' ' || v, 0)) || ' ' || sum(hashtextextended(k || ' ' || v, 1)) FROM (
    ${COMPARED.join('\n    UNION ALL ')}
  ) every
$heddle$`
}
