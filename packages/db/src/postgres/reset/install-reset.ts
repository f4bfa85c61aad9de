import { HeddleError } from '@heddle/core'
import type { SqlClient } from '../sql-client.js'
import { dirtyFunctionSql, movedFunctionSql } from './dirty-function.js'
import { planRelation } from './plan-relation.js'
import { readCounts, readSequences, readStale } from './read-contents.js'
import { readForeignKeys, readRelations } from './read-relations.js'
import type { Relation } from './relation.js'
import {
  CLEAN_FUNCTION,
  OBJECTS_FUNCTION,
  RESET_FUNCTION,
  RESET_TABLES,
  RUN_FUNCTION,
  WRITTEN_FUNCTION,
} from './reset-function.js'
import { schemaHashSql, schemaProbeSql } from './schema-probe.js'
import { rowKey, rowNumber } from './seeded-statements.js'
import { ROW_SETTINGS } from './settings.js'

/** Large objects of a template are kept twice and compared at every reset. */
const OBJECT_BYTES = 8 * 1024 * 1024

/**
 * Prepares a template, as the last thing: it knows then what is to be there after every reset.
 *
 * @throws HeddleError `HEDDLE_RESOURCE_REFUSED` if something in it cannot be made clean in place
 */
export async function installReset(template: SqlClient): Promise<void> {
  const relations = await readRelations(template)
  const sequences = await readSequences(template)
  for (const { label, obstacle } of relations) if (obstacle !== null) throw refusal(`table "${label}"`, obstacle)
  for (const { label, isOurs } of sequences) {
    if (!isOurs) throw refusal(`sequence "${label}"`, 'it belongs to a role of which this one is no member')
  }
  await template.query('BEGIN')
  try {
    await installAll(template, relations, sequences)
    await template.query('COMMIT')
  } catch (error) {
    await template.query('ROLLBACK')
    throw error
  }
}

async function installAll(
  template: SqlClient,
  relations: readonly Relation[],
  sequences: Awaited<ReturnType<typeof readSequences>>,
): Promise<void> {
  for (const setting of ROW_SETTINGS) await template.query(`SET LOCAL ${setting}`)
  // What policies hide from their owner has to be kept as well.
  const forced = relations.filter(({ isForcingPolicies }) => isForcingPolicies)
  for (const { name } of forced) await template.query(`ALTER TABLE ONLY ${name} NO FORCE ROW LEVEL SECURITY`)
  const counts = await readCounts(template, relations)
  const functions = [
    RESET_FUNCTION,
    CLEAN_FUNCTION,
    RUN_FUNCTION,
    OBJECTS_FUNCTION,
    WRITTEN_FUNCTION,
    schemaProbeSql(),
    schemaHashSql(),
  ]
  const generated = [dirtyFunctionSql(relations, counts), movedFunctionSql(sequences)]
  for (const statement of [...RESET_TABLES, ...functions, ...generated]) await template.query(statement)
  await keepPlans(template, relations, counts)
  await keepRows(template, relations, counts)
  await keepObjects(template)
  await fill(
    template,
    'sequence',
    sequences.map((sequence, place) => ({ place, ...sequence })),
  )
  for (const { name } of forced) await template.query(`ALTER TABLE ONLY ${name} FORCE ROW LEVEL SECURITY`)
  await template.query(`INSERT INTO _heddle.state SELECT mark, _heddle.probe_schema(mark), _heddle.hash_schema()
    FROM (SELECT pg_current_xact_id()::xid AS mark) own`)
}

async function keepPlans(
  template: SqlClient,
  relations: readonly Relation[],
  counts: ReadonlyMap<number, number>,
): Promise<void> {
  const keys = await readForeignKeys(template)
  const stale = await readStale(template, relations)
  const { rows } = await template.query(`SELECT FROM pg_event_trigger WHERE evtenabled <> 'D'`)
  const facts = { relations, keys, counts, stale, hasEventTriggers: rows.length > 0 }
  await fill(
    template,
    'relation',
    relations.map((relation) => planRelation(relation, facts)),
  )
}

async function fill(template: SqlClient, table: string, rows: readonly object[]): Promise<void> {
  await template.query(
    `INSERT INTO _heddle.${table} SELECT r.* FROM json_populate_recordset(NULL::_heddle.${table}, $1::json) r`,
    [JSON.stringify(rows)],
  )
}

/** Rows as text: it depends on no type of the user's, so that tests can drop them. */
async function keepRows(
  template: SqlClient,
  relations: readonly Relation[],
  counts: ReadonlyMap<number, number>,
): Promise<void> {
  for (const relation of relations) {
    if (relation.isView || (counts.get(relation.id) ?? 0) === 0) continue
    await template.query(`INSERT INTO _heddle.seed (relation, number, key, row)
      SELECT ${relation.id}, ${rowNumber(relation)}, ${rowKey(relation)}, t::text FROM ONLY ${relation.name} t`)
  }
  await template.query('ANALYZE _heddle.seed')
}

async function keepObjects(template: SqlClient): Promise<void> {
  const { rows } = await template.query<{ oid: string }>('SELECT oid::int8::text AS oid FROM pg_largeobject_metadata')
  let bytes = 0
  for (const { oid } of rows) {
    const kept = await template.query<{ bytes: number }>(`INSERT INTO _heddle.large_object
      SELECT m.oid, m.lomowner, m.lomacl::text, lo_get(m.oid) FROM pg_largeobject_metadata m WHERE m.oid = ${oid}
      RETURNING length(content) AS bytes`)
    bytes += kept.rows[0]?.bytes ?? 0
    if (bytes > OBJECT_BYTES) throw refusal(`large object ${oid}`, `all together are larger than ${OBJECT_BYTES} bytes`)
  }
}

function refusal(what: string, reason: string): HeddleError {
  return new HeddleError('HEDDLE_RESOURCE_REFUSED', {
    problem: `Cannot prepare ${what} for being reset: ${reason}`,
    fix: `use perTest: 'clone', which makes another database for every test, or let one role own all that migrations make.`,
  })
}
